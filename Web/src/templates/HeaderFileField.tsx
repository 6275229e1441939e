import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadMedia } from '../api/upload';
import { inspect, kinds } from '../composer/files';
import { errorText } from '../shared/errorText';
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

type State = { kind: 'idle' } | { kind: 'uploading'; share: number } | { kind: 'failed'; why: string };

/** Chooses the file of a template's header; it is uploaded at once. */
export function HeaderFileField({ kind, file, problem, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const running = useRef<AbortController>(null);
  const [state, setState] = useState<State>({ kind: 'idle' });
  useEffect(() => () => running.current?.abort(), []);

  const choose = async (chosen: File) => {
    running.current?.abort();
    const upload = new AbortController();
    running.current = upload;
    onChange(null);
    const verdict = await inspect(chosen);
    if (verdict.kind !== kind || verdict.fault) {
      const limit = kinds[kind].limit / 1024 / 1024;
      setState({ kind: 'failed', why: t(`templates.headerUnfit.${kind}`, { limit }) });
      return;
    }
    setState({ kind: 'uploading', share: 0 });
    try {
      const { id: mediaId } = await uploadMedia(
        chosen,
        { kind, name: chosen.name },
        (share) => setState({ kind: 'uploading', share }),
        upload.signal,
      );
      setState({ kind: 'idle' });
      onChange({ mediaId, name: chosen.name });
    } catch (error) {
      if (!upload.signal.aborted) setState({ kind: 'failed', why: errorText(t, error) });
    }
  };

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
