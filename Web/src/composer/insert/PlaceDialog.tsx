import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendBody } from '../../api/types';
import { Button } from '../../shared/ui/Button';
import { Dialog } from '../../shared/ui/Dialog';
import { Field } from '../../shared/ui/Field';
import styles from './Insert.module.css';
import { coordinatesIn } from './place';

interface Props {
  onSend: (body: SendBody, text: string) => void;
  onClose: () => void;
}

/** A place: coordinates as a map gives them, or a map's link, with a name and an address. */
export function PlaceDialog({ onSend, onClose }: Props) {
  const { t } = useTranslation();
  const [where, setWhere] = useState('');
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const place = coordinatesIn(where);
  const nameless = address.trim() !== '' && name.trim() === '';
  const send = () => {
    if (!place || nameless) return;
    const location = {
      ...place,
      ...(name.trim() && { name: name.trim() }),
      ...(address.trim() && { address: address.trim() }),
    };
    onSend({ type: 'location', location }, name.trim());
  };
  return (
    <Dialog title={t('insert.kind.location')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Field
          label={t('insert.where')}
          hint={t('insert.whereHint')}
          problem={where && !place ? t('insert.whereWrong') : null}
          value={where}
          data-autofocus
          onChange={(event) => setWhere(event.target.value)}
        />
        <Field
          label={t('insert.placeName')}
          value={name}
          maxLength={200}
          problem={nameless ? t('insert.nameFirst') : null}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t('insert.address')}
          value={address}
          maxLength={500}
          onChange={(event) => setAddress(event.target.value)}
        />
        <p className={styles.foot}>
          <Button look="primary" type="submit" disabled={!place || nameless}>
            {t('composer.send')}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
