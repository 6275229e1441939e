import { useTranslation } from 'react-i18next';
import type { ButtonType, TemplateButton, TemplateDraft, TemplateFault } from '../api/templateLibrary';
import { Button } from '../shared/ui/Button';
import { Field, SelectField } from '../shared/ui/Field';
import { emptyButton } from './draft';
import { fault } from './TemplateEditorPage';
import styles from './Templates.module.css';

const types: ButtonType[] = ['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE'];

interface Props {
  draft: TemplateDraft;
  faults: TemplateFault[];
  onChange: (part: Partial<TemplateDraft>) => void;
}

/** Up to ten buttons under the text. */
export function TemplateButtons({ draft, faults, onChange }: Props) {
  const { t } = useTranslation();
  const set = (at: number, part: Partial<TemplateButton>) =>
    onChange({ buttons: draft.buttons.map((one, n) => (n === at ? { ...one, ...part } : one)) });
  const problem = fault(t, faults, 'buttons');
  return (
    <fieldset className={styles.part}>
      <legend>{t('templates.library.buttons')}</legend>
      {draft.buttons.map((button, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a button has no key; its place is its name.
        <div key={at} className={styles.button} data-testid="template-button">
          <SelectField
            label={t('templates.library.buttonType')}
            value={button.type}
            onChange={(event) => set(at, { type: event.target.value as ButtonType })}
          >
            {types.map((type) => (
              <option key={type} value={type}>
                {t(`templates.button.${type}`)}
              </option>
            ))}
          </SelectField>
          {button.type !== 'COPY_CODE' && (
            <Field
              label={t('templates.library.buttonText')}
              value={button.text}
              maxLength={25}
              dir="auto"
              onChange={(event) => set(at, { text: event.target.value })}
            />
          )}
          {button.type === 'URL' && (
            <>
              <Field
                label={t('templates.library.url')}
                hint={t('templates.library.urlHint', { variable: '{{1}}' })}
                value={button.url}
                maxLength={2000}
                inputMode="url"
                onChange={(event) => set(at, { url: event.target.value })}
              />
              {button.url.includes('{{') && (
                <Field
                  label={t('templates.library.urlExample')}
                  value={button.example}
                  maxLength={2000}
                  onChange={(event) => set(at, { example: event.target.value })}
                />
              )}
            </>
          )}
          {button.type === 'PHONE_NUMBER' && (
            <Field
              label={t('templates.library.phone')}
              value={button.phoneNumber}
              maxLength={20}
              inputMode="tel"
              onChange={(event) => set(at, { phoneNumber: event.target.value })}
            />
          )}
          {button.type === 'COPY_CODE' && (
            <Field
              label={t('templates.library.code')}
              value={button.example}
              maxLength={15}
              onChange={(event) => set(at, { example: event.target.value })}
            />
          )}
          {fault(t, faults, `buttons.${at}`) && (
            <span className={styles.fault} role="alert">
              {fault(t, faults, `buttons.${at}`)}
            </span>
          )}
          <div>
            <Button onClick={() => onChange({ buttons: draft.buttons.filter((_, n) => n !== at) })}>
              {t('templates.library.removeButton')}
            </Button>
          </div>
        </div>
      ))}
      {problem && (
        <span className={styles.fault} role="alert">
          {problem}
        </span>
      )}
      {draft.buttons.length < 10 && (
        <div>
          <Button
            onClick={() => onChange({ buttons: [...draft.buttons, emptyButton] })}
            data-testid="template-add-button"
          >
            {t('templates.library.addButton')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
