import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TemplateDraft, TemplateFault } from '../api/templateLibrary';
import { Field, SelectField } from '../shared/ui/Field';
import { HeaderFileField } from './HeaderFileField';
import { fault } from './TemplateEditorPage';
import { headerFileOf } from './template';

const formats = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'];

interface Props {
  draft: TemplateDraft;
  faults: TemplateFault[];
  onChange: (part: Partial<TemplateDraft>) => void;
}

/** What stands above the text: a line, a file (here a sample of it, for the review), or a place. */
export function TemplateHeading({ draft, faults, onChange }: Props) {
  const { t } = useTranslation();
  const { header } = draft;
  const kind = headerFileOf({ headerFormat: header?.format ?? null });
  const [name, setName] = useState('');
  const problem = fault(t, faults, 'header');
  const choose = (format: string) =>
    onChange({ header: format === '' ? null : { format, text: '', mediaId: null } });
  return (
    <>
      <SelectField
        label={t('templates.library.header')}
        hint={header?.format === 'LOCATION' ? t('templates.library.headerLocation') : undefined}
        value={header?.format ?? ''}
        data-testid="template-header-format"
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{t('templates.library.headerNone')}</option>
        {formats.map((format) => (
          <option key={format} value={format}>
            {t(`templates.library.headerFormat.${format}`)}
          </option>
        ))}
      </SelectField>
      {header?.format === 'TEXT' && (
        <Field
          label={t('templates.library.headerText')}
          hint={t('templates.library.headerHint')}
          problem={problem}
          value={header.text}
          maxLength={60}
          dir="auto"
          data-testid="template-header"
          onChange={(event) => onChange({ header: { ...header, text: event.target.value } })}
        />
      )}
      {header && kind && (
        <HeaderFileField
          kind={kind}
          file={header.mediaId ? { mediaId: header.mediaId, name } : null}
          problem={problem}
          onChange={(file) => {
            setName(file?.name ?? '');
            onChange({ header: { ...header, mediaId: file?.mediaId ?? null } });
          }}
        />
      )}
    </>
  );
}
