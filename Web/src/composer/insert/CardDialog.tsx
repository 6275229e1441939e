import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ContactItem, contacts } from '../../api/records';
import type { CardToSend, SendBody } from '../../api/types';
import { Avatar } from '../../shared/ui/Avatar';
import { Button } from '../../shared/ui/Button';
import { Dialog } from '../../shared/ui/Dialog';
import { Field } from '../../shared/ui/Field';
import styles from './Insert.module.css';

interface Props {
  onSend: (body: SendBody, text: string) => void;
  onClose: () => void;
}

/** Somebody of the contacts, as a card: the customer taps to write or call. */
export function CardDialog({ onSend, onClose }: Props) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState<ContactItem | null>(null);
  const found = useQuery({
    queryKey: ['cards', q],
    queryFn: ({ signal }) => contacts.list({ q: q.trim() || undefined, limit: 20 }, signal),
    placeholderData: (before) => before,
  });
  const people = (found.data?.items ?? []).filter(({ phone, mobilePhone }) => phone || mobilePhone);
  return (
    <Dialog title={t('insert.kind.contact')} onClose={onClose}>
      <div className={styles.form}>
        <Field
          label={t('insert.findContact')}
          type="search"
          value={q}
          data-autofocus
          onChange={(event) => setQ(event.target.value)}
        />
        <ul className={styles.people}>
          {people.map((person) => (
            <li key={person.id}>
              <button type="button" aria-pressed={chosen?.id === person.id} onClick={() => setChosen(person)}>
                <Avatar id={person.id} name={person.name} size="small" />
                <span>
                  <b>{person.name}</b>
                  <small>{person.mobilePhone ?? person.phone}</small>
                </span>
              </button>
            </li>
          ))}
          {found.isSuccess && people.length === 0 && <li className={styles.none}>{t('insert.nobody')}</li>}
        </ul>
        <p className={styles.foot}>
          <Button
            look="primary"
            disabled={!chosen}
            onClick={() => chosen && onSend({ type: 'contacts', contacts: [cardOf(chosen)] }, chosen.name)}
          >
            {t('composer.send')}
          </Button>
        </p>
      </div>
    </Dialog>
  );
}

export function cardOf({ name, phone, mobilePhone, email }: ContactItem): CardToSend {
  const phones = [
    ...(mobilePhone ? [{ phone: mobilePhone, type: 'CELL' }] : []),
    ...(phone && phone !== mobilePhone ? [{ phone, type: 'WORK' }] : []),
  ];
  return {
    // Meta wants at least one part of the name beside the whole.
    name: { formatted_name: name, first_name: name },
    phones,
    ...(email && { emails: [{ email, type: 'WORK' }] }),
  };
}
