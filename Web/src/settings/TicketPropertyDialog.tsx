import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type OwnProperty, type OwnType, ownProperties, ownTypes } from '../api/properties';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Check, Field, SelectField } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import styles from '../tickets/ValuesDialog.module.css';
import own from './TicketPropertyDialog.module.css';

interface Props {
  /** Null: a new one. */
  property: OwnProperty | null;
  onClose: () => void;
  onSaved: () => void;
}

/** The Api takes no more (CustomProperty). */
const LONGEST = 60;

/** A property's label, its type (chosen once), its choices in their order, and whether closing asks for it. */
export function TicketPropertyDialog({ property, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const [label, setLabel] = useState(property?.label ?? '');
  const [type, setType] = useState<OwnType>(property?.type ?? 'text');
  const [askOnClose, setAskOnClose] = useState(property?.askOnClose ?? false);
  const [choices, setChoices] = useState(() =>
    property
      ? property.choices.filter(({ archived }) => !archived).map((one) => ({ key: one.id, ...one }))
      : [{ key: 'first', id: undefined as string | undefined, label: '' }],
  );
  const hasChoices = type === 'choice' || type === 'choices';
  const save = useMutation({
    mutationFn: () => {
      const input = {
        label: label.trim(),
        askOnClose,
        ...(hasChoices && { choices: choices.map((one) => ({ id: one.id, label: one.label.trim() })) }),
      };
      return property
        ? ownProperties.change(property.id, { ...input, version: property.version })
        : ownProperties.add({ ...input, type });
    },
    onSuccess: () => {
      onSaved();
      onClose();
    },
    onError: onSaved,
  });
  const [added, setAdded] = useState(0);
  const add = () => {
    setChoices([...choices, { key: `new ${added}`, id: undefined, label: '' }]);
    setAdded(added + 1);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={property?.label ?? t('ownProperty.new')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit} data-testid="property-dialog">
        <Field
          label={t('ownProperty.label')}
          value={label}
          maxLength={LONGEST}
          required
          data-autofocus
          data-testid="property-label"
          onChange={(event) => setLabel(event.target.value)}
        />
        <SelectField
          label={t('ownProperty.type')}
          value={type}
          disabled={property !== null}
          hint={property ? undefined : t('ownProperty.typeHint')}
          data-testid="property-type"
          onChange={(event) => setType(event.target.value as OwnType)}
        >
          {ownTypes.map((one) => (
            <option key={one} value={one}>
              {t(`ownProperty.types.${one}`)}
            </option>
          ))}
        </SelectField>
        {hasChoices && (
          <fieldset className={own.choices}>
            <legend>{t('ownProperty.choices')}</legend>
            {choices.map((choice, at) => (
              <div key={choice.key} className={own.choice}>
                <input
                  aria-label={t('ownProperty.choice', { number: at + 1 })}
                  value={choice.label}
                  maxLength={LONGEST}
                  required
                  dir="auto"
                  data-testid="property-choice"
                  onChange={(event) =>
                    setChoices(
                      choices.map((one) => (one === choice ? { ...one, label: event.target.value } : one)),
                    )
                  }
                />
                <IconButton
                  icon="arrowUp"
                  size={16}
                  label={t('ownProperty.moveUp', { name: choice.label })}
                  disabled={at === 0}
                  onClick={() => {
                    const others = choices.filter((one) => one !== choice);
                    setChoices([...others.slice(0, at - 1), choice, ...others.slice(at - 1)]);
                  }}
                />
                <IconButton
                  icon="close"
                  size={16}
                  label={t('ownProperty.removeChoice', { name: choice.label })}
                  disabled={choices.length === 1}
                  onClick={() => setChoices(choices.filter((one) => one !== choice))}
                />
              </div>
            ))}
            <div>
              <Button data-testid="property-add-choice" onClick={add}>
                {t('ownProperty.addChoice')}
              </Button>
            </div>
            {property && <p className={own.hint}>{t('ownProperty.choicesHint')}</p>}
          </fieldset>
        )}
        <Check
          label={t('ownProperty.ask')}
          hint={t('ownProperty.askHint')}
          checked={askOnClose}
          data-testid="property-ask"
          onChange={(event) => setAskOnClose(event.target.checked)}
        />
        {save.error && <Problem>{errorText(t, save.error)}</Problem>}
        <FormFoot>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={save.isPending || !label.trim()}
            data-testid="property-save"
          >
            {t('settings.save')}
          </Button>
        </FormFoot>
      </form>
    </Dialog>
  );
}
