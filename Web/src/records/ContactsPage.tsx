import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactItem } from '../api/records';
import { usePhone } from '../contact/phone';
import { useMe } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { NewContactDialog } from './NewContactDialog';
import { useContacts } from './queries';
import styles from './Records.module.css';
import { SearchBox } from './SearchBox';

const route = getRouteApi('/signed-in/records/contacts');

/** All contacts in the order of their names. */
export function ContactsPage() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useContacts(q);
  const [making, setMaking] = useState(false);
  const find = useCallback(
    (text: string) => void navigate({ search: { q: text || undefined }, replace: true }),
    [navigate],
  );
  const items = data?.pages.flatMap((page) => page.items);
  const make = agent.role !== 'viewer' && (
    <Button look="primary" onClick={() => setMaking(true)} data-testid="contact-new">
      <Icon name="plus" size={16} />
      {t('record.newContact')}
    </Button>
  );
  return (
    <>
      <header className={styles.head}>
        <h1>{t('record.contacts')}</h1>
        <SearchBox label={t('record.findContacts')} value={q} onChange={find} />
        {make}
      </header>
      {isPending && <Waiting />}
      {error && !data && (
        <ErrorState title={t('record.failed')} text={errorText(t, error)} onRetry={() => void refetch()} />
      )}
      {items?.length === 0 &&
        (q ? (
          <EmptyState icon="search" title={t('record.foundNone', { q })} text={t('record.foundNoneText')} />
        ) : (
          <EmptyState icon="people" title={t('record.noContacts')} text={t('record.noContactsText')}>
            {make}
          </EmptyState>
        ))}
      {items && items.length > 0 && (
        <ul className={styles.rows}>
          {items.map((contact) => (
            <ContactRow key={contact.id} contact={contact} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className={styles.more} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('record.more')}
        </Button>
      )}
      {making && <NewContactDialog onClose={() => setMaking(false)} />}
    </>
  );
}

function ContactRow({ contact }: { contact: ContactItem }) {
  const { account } = useMe();
  const number = contact.mobilePhone ?? contact.phone;
  const phone = usePhone(number?.slice(1) ?? null, account.country);
  return (
    <li>
      <Link
        to="/contacts/$contactId"
        params={{ contactId: contact.id }}
        className={styles.row}
        data-testid="contact-row"
      >
        <span className={styles.who}>
          <Avatar id={contact.id} name={contact.name} />
          <span>
            <b dir="auto">{contact.name}</b>
            {contact.reading && <small lang="ja">{contact.reading}</small>}
          </span>
        </span>
        <span className={styles.soft}>{[phone?.text, contact.email].filter(Boolean).join(' · ')}</span>
        <span className={styles.soft} dir="auto">
          {contact.lifecycle}
        </span>
      </Link>
    </li>
  );
}

export function Waiting() {
  return (
    <div className={styles.rows}>
      {['a', 'b', 'c', 'd'].map((key) => (
        <div key={key} className={styles.row}>
          <span className={styles.who}>
            <Bone width={32} height={32} round />
            <Bone width="50%" />
          </span>
          <Bone width="60%" />
        </div>
      ))}
    </div>
  );
}
