import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnProperty, OwnValue } from '../api/properties';
import type { Ticket, TicketChange } from '../api/types';
import propertyStyles from '../records/Properties.module.css';
import { PropertyField } from '../records/PropertyField';
import { Icon } from '../shared/ui/Icon';
import { toast } from '../shared/ui/Toast';
import { chosenValue, LONGEST_TEXT } from './OwnValueField';
import { ownText, useOwnProperties } from './ownProperties';
import styles from './TicketDetails.module.css';

interface Props {
  ticket: Ticket;
  onChange: (change: TicketChange) => void;
}

/** The account's own properties of a ticket, each edited where it stands. */
export function OwnPropertyRows({ ticket, onChange }: Props) {
  const properties = useOwnProperties().filter(({ archived }) => !archived);
  if (properties.length === 0) return null;
  return (
    <dl className={styles.facts} data-testid="own-properties">
      {properties.map((property) => (
        <Row
          key={property.id}
          property={property}
          value={ticket.properties[property.id] ?? null}
          onChange={(value) => onChange({ properties: { [property.id]: value } })}
        />
      ))}
    </dl>
  );
}

interface RowProps {
  property: OwnProperty;
  value: OwnValue | null;
  onChange: (value: OwnValue | null) => void;
}

function Row({ property, value, onChange }: RowProps) {
  const { t } = useTranslation();
  const { label, type } = property;
  if (type === 'choice' || type === 'flag')
    return <Choice property={property} value={value} onChange={onChange} />;
  if (type === 'choices') return <Several property={property} value={value} onChange={onChange} />;
  const save = (text: string | null) => {
    if (text === null || type !== 'number') {
      onChange(text);
      return true;
    }
    // As it is written in the reader's own script: full-width digits are digits.
    const read = Number(text.normalize('NFKC').replaceAll(',', ''));
    if (!Number.isFinite(read)) {
      toast(t('ownProperty.noNumber', { label }));
      return false;
    }
    onChange(read);
    return true;
  };
  return (
    <PropertyField
      label={label}
      value={value === null ? null : String(value)}
      text={ownText(t, property, value) ?? undefined}
      type={type === 'date' ? 'date' : 'text'}
      longest={LONGEST_TEXT}
      editable
      testId={`own-${property.id}`}
      onSave={async (text) => save(text)}
    />
  );
}

function Choice({ property, value, onChange }: RowProps) {
  const { t } = useTranslation();
  const id = useId();
  const { type, choices } = property;
  const options =
    type === 'flag'
      ? ['true', 'false'].map((one) => ({ id: one, label: t(`choices.flag.${one}`) }))
      : choices.filter((choice) => !choice.archived || choice.id === value);
  return (
    <>
      <dt>
        <label htmlFor={id}>{property.label}</label>
      </dt>
      <dd>
        <select
          id={id}
          className={propertyStyles.select}
          value={value === null ? '' : String(value)}
          data-testid={`own-${property.id}`}
          onChange={(event) => onChange(chosenValue(type, event.target.value))}
        >
          <option value="">{t('ticket.none')}</option>
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        </select>
      </dd>
    </>
  );
}

function Several({ property, value, onChange }: RowProps) {
  const { t } = useTranslation();
  const chosen = Array.isArray(value) ? value : [];
  const { label, choices } = property;
  const rest = choices.filter(({ id, archived }) => !archived && !chosen.includes(id));
  return (
    <>
      <dt>{label}</dt>
      <dd className={styles.tags}>
        {choices
          .filter(({ id }) => chosen.includes(id))
          .map((choice) => (
            <span key={choice.id} className={styles.tag}>
              {choice.label}
              <button
                type="button"
                aria-label={t('ownProperty.take', { label, value: choice.label })}
                onClick={() => {
                  const left = chosen.filter((id) => id !== choice.id);
                  onChange(left.length > 0 ? left : null);
                }}
              >
                <Icon name="close" size={12} />
              </button>
            </span>
          ))}
        {rest.length > 0 && (
          <select
            className={propertyStyles.select}
            aria-label={t('ownProperty.add', { label })}
            value=""
            data-testid={`own-${property.id}`}
            onChange={(event) => event.target.value && onChange([...chosen, event.target.value])}
          >
            <option value="">{t('record.add')}</option>
            {rest.map((choice) => (
              <option key={choice.id} value={choice.id}>
                {choice.label}
              </option>
            ))}
          </select>
        )}
      </dd>
    </>
  );
}
