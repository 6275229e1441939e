import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '../api/types';
import { Field } from '../shared/ui/Field';
import { type Known, personalise } from './placeholders';
import styles from './TemplateDialog.module.css';
import { type FieldFault, fieldKey, type Field as TemplateField } from './template';

interface Props {
  field: TemplateField;
  template: Template;
  value: string;
  known: Known;
  fault: FieldFault | null;
  onChange: (value: string) => void;
}

/** One value of a template, written out, or named by what is known of the customer. */
export function TemplateValueField({ field, template, value, known, fault, onChange }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const names = field.part === 'place' ? [] : Object.keys(known);
  const insert = (name: string) => {
    const at = input.current?.selectionStart ?? value.length;
    onChange(`${value.slice(0, at)}{${name}}${value.slice(at)}`);
    input.current?.focus();
  };
  const { missing } = personalise(value, known);
  return (
    <div className={styles.field}>
      <Field
        ref={input}
        label={useLabel(field, template)}
        hint={field.part === 'place' && field.name === 'where' ? t('insert.whereHint') : undefined}
        problem={fault && t(`templates.${fault}`, { name: missing ?? '' })}
        name={fieldKey(field)}
        value={value}
        autoComplete="off"
        dir="auto"
        aria-required={field.part !== 'place' || field.name === 'where'}
        data-testid="template-variable"
        data-variable={field.name}
        data-part={field.part}
        onChange={(event) => onChange(event.target.value)}
      >
        {names.length > 0 && (
          <select
            className={styles.insert}
            value=""
            aria-label={t('templates.insert')}
            title={t('templates.insert')}
            data-testid="template-placeholder"
            onChange={(event) => insert(event.target.value)}
          >
            <option value="">{'{…}'}</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {t('templates.placeholderOption', {
                  what: t(`templates.placeholder.${name}`),
                  value: known[name] ?? t('templates.notKnown'),
                })}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function useLabel({ part, name }: TemplateField, template: Template): string {
  const { t } = useTranslation();
  if (part === 'header') return t('templates.header', { name });
  if (part === 'place')
    return t(name === 'where' ? 'insert.where' : name === 'name' ? 'insert.placeName' : 'insert.address');
  if (part === 'button') {
    const button = template.buttons[Number(name)];
    return button?.type === 'COPY_CODE'
      ? t('templates.buttonCode')
      : t('templates.buttonUrl', { text: button?.text ?? '', url: button?.url ?? '' });
  }
  return t(/^\d+$/.test(name) ? 'templates.variable' : 'templates.named', { name });
}
