import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BlockContact } from '../blocking/BlockContact';
import { useMe } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Bone, ErrorState } from '../shared/ui/States';
import { ContactFacts } from './ContactFacts';
import { ContactThreads, ContactTickets, Matches, Merges } from './ContactLinks';
import { companyKind, dealKind } from './kinds';
import { Linked } from './Linked';
import { MergeDialog } from './MergeDialog';
import { useContact } from './queries';
import styles from './Records.module.css';
import { Timeline } from './Timeline';

const route = getRouteApi('/signed-in/records/contacts/$contactId');

/** One contact: properties, what belongs to it, and what happened. */
export function ContactPage() {
  const { t } = useTranslation();
  const { contactId } = route.useParams();
  const navigate = useNavigate();
  const { data: contact, error, refetch } = useContact(contactId);
  const { agent } = useMe();
  const [merging, setMerging] = useState(false);
  const id = contact?.id;
  useEffect(() => {
    if (contact) document.title = `${contact.name} · ${t('app.name')}`;
    // It was found to be another one: that one's page is the place.
    if (id && id !== contactId)
      void navigate({ to: '/contacts/$contactId', params: { contactId: id }, replace: true });
  }, [contact, id, contactId, navigate, t]);

  if (error && !contact)
    return (
      <ErrorState
        title={t('record.contactFailed')}
        text={errorText(t, error)}
        onRetry={() => void refetch()}
      />
    );
  if (!contact) return <Bone width="40%" height={24} />;
  return (
    <>
      <header className={styles.head}>
        <div className={styles.who}>
          <Avatar id={contact.id} name={contact.name} size="large" />
          <h1 dir="auto" data-testid="contact-title">
            {contact.name}
            {contact.honorific && <span className={styles.soft}> {contact.honorific}</span>}
          </h1>
        </div>
        {agent.role !== 'viewer' && (
          <div className={styles.acts}>
            <BlockContact id={contact.id} name={contact.name} />
            <Button onClick={() => setMerging(true)} data-testid="contact-merge">
              <Icon name="link" size={16} />
              {t('record.merge')}
            </Button>
          </div>
        )}
      </header>
      {merging && <MergeDialog contact={contact} onClose={() => setMerging(false)} />}
      <Matches contact={contact} ownId={contact.id} />
      <div className={styles.record}>
        <div className={styles.column}>
          <section className={styles.panel} aria-label={t('record.properties')}>
            <h2>{t('record.properties')}</h2>
            <ContactFacts key={contact.id} contact={contact} />
          </section>
          {contact.merges.length > 0 && (
            <section className={styles.panel}>
              <h2>{t('record.merges')}</h2>
              <Merges contact={contact} />
            </section>
          )}
        </div>
        <div className={styles.column}>
          <section className={styles.panel}>
            <h2>{t('record.threads')}</h2>
            <ContactThreads id={contact.id} />
          </section>
          <section className={styles.panel}>
            <h2>{t('record.tickets')}</h2>
            <ContactTickets id={contact.id} />
          </section>
          <section className={styles.panel}>
            <h2>{t('record.companies')}</h2>
            <Linked kind={companyKind} contactId={contact.id} />
          </section>
          <section className={styles.panel}>
            <h2>{t('record.deals')}</h2>
            <Linked kind={dealKind} contactId={contact.id} />
          </section>
          <section className={styles.panel}>
            <h2>{t('record.timeline')}</h2>
            <Timeline id={contact.id} />
          </section>
        </div>
      </div>
    </>
  );
}
