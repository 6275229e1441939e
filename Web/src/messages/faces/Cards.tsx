import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contacts } from '../../api/records';
import type { Card } from '../../api/types';
import { settle } from '../../records/change';
import { errorText } from '../../shared/errorText';
import { Button } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { toast } from '../../shared/ui/Toast';
import type { FaceProps } from '.';
import styles from './Faces.module.css';

/** Contact cards: who it is and how to reach them, with a way into the contacts. */
export function Cards({ message }: FaceProps) {
  const { t } = useTranslation();
  const { contacts: cards, moreContacts } = message.content ?? {};
  return (
    <span className={styles.cards} data-testid="cards">
      {cards?.map((card, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards have no identity but their place; they do not change.
        <CardFace key={index} card={card} inbound={message.direction === 'inbound'} />
      ))}
      {moreContacts ? <small>{t('message.moreCards', { count: moreContacts })}</small> : null}
    </span>
  );
}

function CardFace({ card, inbound }: { card: Card; inbound: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={styles.rich}>
      <Icon name="person" size={22} />
      <span>
        <b dir="auto">{card.name}</b>
        {card.organisation && <span dir="auto">{card.organisation}</span>}
        {card.phones.map(({ phone, waId }) => (
          <span key={phone}>
            <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
            {waId && <small> {t('message.onWhatsApp')}</small>}
          </span>
        ))}
        {card.emails.map((email) => (
          <a key={email} href={`mailto:${encodeURIComponent(email)}`}>
            {email}
          </a>
        ))}
        {card.addresses.map((address) => (
          <span key={address} dir="auto">
            {address}
          </span>
        ))}
        {inbound && <AddToContacts card={card} />}
      </span>
    </span>
  );
}

function AddToContacts({ card }: { card: Card }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [added, setAdded] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (added)
    return (
      <Link to="/contacts/$contactId" params={{ contactId: added }}>
        {t('message.contactAdded')}
      </Link>
    );
  const add = async () => {
    setBusy(true);
    const [first] = card.phones;
    const phone = first?.waId ? `+${first.waId}` : first?.phone;
    try {
      const made = await contacts.create({
        familyName: card.lastName ?? (card.firstName ? undefined : card.name),
        givenName: card.firstName ?? undefined,
        phone,
        email: card.emails[0],
      });
      settle(queryClient, made);
      setAdded(made.id);
    } catch (error) {
      toast(errorText(t, error));
    }
    setBusy(false);
  };
  return (
    <Button look="link" disabled={busy} onClick={() => void add()} data-testid="card-add">
      {t('message.addContact')}
    </Button>
  );
}
