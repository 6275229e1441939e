import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useOneUpload } from '../composer/useOneUpload';
import { Button } from '../shared/ui/Button';
import styles from './TemplateDialog.module.css';
import type { HeaderFile, HeaderFileKind } from './template';

interface Props {
  kind: HeaderFileKind;
  file: HeaderFile | null;
  problem: string | null;
  onChange: (file: HeaderFile | null) => void;
}

const accepts: Record<HeaderFileKind, string> = {
  image: 'image/jpeg,image/png',
  video: 'video/mp4,video/3gpp',
  document: '.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt',
};

/** Chooses the file of a template's header; it is uploaded at once. */
export function HeaderFileField({ kind, file, problem, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { state, choose } = useOneUpload({
    kind,
    unfit: (limit) => t(`templates.headerUnfit.${kind}`, { limit }),
    onUploaded: onChange,
  });
  const fault = state.kind === 'failed' ? state.why : problem;
  return (
    <div className={styles.file}>
      <label htmlFor={id}>{t(`templates.headerFile.${kind}`)}</label>
      <input
        ref={input}
        id={id}
        type="file"
        className="visually-hidden"
        accept={accepts[kind]}
        aria-invalid={fault !== null}
        aria-describedby={`${id}-note`}
        data-testid="template-header-file"
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          event.target.value = '';
          if (chosen) void choose(chosen);
        }}
      />
      <Button data-header-file onClick={() => input.current?.click()}>
        {t(file ? 'templates.headerOther' : 'templates.headerChoose')}
      </Button>
      <span id={`${id}-note`} role={fault ? 'alert' : undefined} className={fault ? styles.wrong : undefined}>
        {state.kind === 'uploading' ? (
          <progress value={state.share} aria-label={t('templates.headerUploading')} />
        ) : (
          (fault ?? file?.name)
        )}
      </span>
    </div>
  );
}
