import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnProperty, OwnValue } from '../api/properties';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { FormFoot } from '../shared/ui/Form';
import { OwnValueField } from './OwnValueField';
import styles from './ValuesDialog.module.css';

interface Props {
  title: string;
  lead?: string;
  properties: OwnProperty[];
  /** What the button says. */
  act: string;
  /** Something has to be entered. */
  needed?: boolean;
  onDone: (values: Record<string, OwnValue>) => void;
  onClose: () => void;
}

/** Asks for values of properties: before a ticket is closed, or to be set on several. */
export function ValuesDialog({ title, lead, properties, act, needed, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Record<string, OwnValue>>({});
  const set = (id: string, value: OwnValue | null) =>
    setValues(({ [id]: _before, ...others }) => (value === null ? others : { ...others, [id]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onDone(values);
  };
  return (
    <Dialog title={title} lead={lead} onClose={onClose}>
      <form className={styles.form} onSubmit={submit} data-testid="values-dialog">
        {properties.map((property) => (
          <OwnValueField
            key={property.id}
            property={property}
            value={values[property.id] ?? null}
            onChange={(value) => set(property.id, value)}
          />
        ))}
        <FormFoot>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={needed && Object.keys(values).length === 0}
            data-testid="values-done"
          >
            {act}
          </Button>
        </FormFoot>
      </form>
    </Dialog>
  );
}
