import { useTranslation } from 'react-i18next';
import type { OwnProperty, OwnValue } from '../api/properties';
import { CheckList, Field, SelectField } from '../shared/ui/Field';

interface Props {
  property: OwnProperty;
  value: OwnValue | null;
  onChange: (value: OwnValue | null) => void;
}

/** A property of the account's own in a form. */
export function OwnValueField({ property, value, onChange }: Props) {
  const { t } = useTranslation();
  const { label, type, choices } = property;
  const testId = `own-${property.id}`;
  const offered = choices.filter(
    ({ id, archived }) => !archived || value === id || (Array.isArray(value) && value.includes(id)),
  );
  if (type === 'choices')
    return (
      <CheckList
        label={label}
        options={offered.map((choice) => ({ value: choice.id, label: choice.label }))}
        chosen={Array.isArray(value) ? value : []}
        empty=""
        onChange={(chosen) => onChange(chosen.length > 0 ? chosen : null)}
      />
    );
  if (type === 'choice' || type === 'flag')
    return (
      <SelectField
        label={label}
        value={value === null ? '' : String(value)}
        data-testid={testId}
        onChange={(event) => onChange(chosenValue(type, event.target.value))}
      >
        <option value="">{t('ticket.none')}</option>
        {type === 'flag'
          ? ['true', 'false'].map((one) => (
              <option key={one} value={one}>
                {t(`choices.flag.${one}`)}
              </option>
            ))
          : offered.map((choice) => (
              <option key={choice.id} value={choice.id}>
                {choice.label}
              </option>
            ))}
      </SelectField>
    );
  return (
    <Field
      label={label}
      type={type === 'date' ? 'date' : type === 'number' ? 'number' : 'text'}
      step={type === 'number' ? 'any' : undefined}
      max={type === 'date' ? '9999-12-31' : undefined}
      maxLength={LONGEST_TEXT}
      value={value === null ? '' : String(value)}
      data-testid={testId}
      onChange={({ target: { value: text } }) =>
        onChange(text === '' ? null : type === 'number' ? Number(text) : text)
      }
    />
  );
}

/** The Api takes no more (CustomValues). */
export const LONGEST_TEXT = 500;

/** What an option of a select means. */
export function chosenValue(type: OwnProperty['type'], text: string): OwnValue | null {
  if (text === '') return null;
  return type === 'flag' ? text === 'true' : text;
}
