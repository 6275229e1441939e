import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ThreadContact } from '../api/records';
import type { Thread } from '../api/types';
import { useChannel } from '../channels/queries';
import { useMe } from '../people/queries';
import { ContactFacts } from '../records/ContactFacts';
import { ContactThreads, ContactTickets, Matches, Merges } from '../records/ContactLinks';
import { companyKind, dealKind } from '../records/kinds';
import { Linked } from '../records/Linked';
import { useThreadContact } from '../records/queries';
import { useSession } from '../session/useSession';
import { exact, timeOfDay } from '../shared/dates';
import { useNow } from '../shared/ticker';
import { Avatar } from '../shared/ui/Avatar';
import { IconButton } from '../shared/ui/Button';
import { Bone } from '../shared/ui/States';
import { threadQuery } from '../threads/queries';
import { TicketDetails } from '../tickets/TicketDetails';
import styles from './ContextPanel.module.css';
import { usePhone } from './phone';
import { timeZoneOf } from './timeZones';

/** Who the customer is and how things stand with them; a pane, or a drawer where there is no room. */
export function ContextPanel({ threadId, onClose }: { threadId: string; onClose?: () => void }) {
  const { t } = useTranslation();
  const { data: thread, isError } = useQuery(threadQuery(useQueryClient(), threadId));
  return (
    <aside className={styles.panel} aria-label={t('thread.context')}>
      {thread ? <Details thread={thread} onClose={onClose} /> : !isError && <DetailsSkeleton />}
    </aside>
  );
}

function Details({ thread, onClose }: { thread: Thread; onClose?: () => void }) {
  const { t } = useTranslation();
  const { account } = useMe();
  const { contact, customer } = thread;
  const phone = usePhone(customer.waId, account.country);
  const known = useThreadContact(contact.id === null ? null : thread.id, thread.version).data;
  const zone = known?.contact.timeZone ?? timeZoneOf(phone?.country ?? null);
  const now = useNow(60);
  const { data: channel } = useChannel(thread.channelId);
  return (
    <>
      <div className={styles.who}>
        <Avatar id={contact.id} name={contact.name} size="large" />
        <div>
          <h2>{contact.name}</h2>
          {zone && <span>{`${t('contact.localTime')} ${timeOfDay(now, zone)}`}</span>}
        </div>
        {onClose && <IconButton icon="close" label={t('contact.close')} onClick={onClose} autoFocus />}
      </div>
      {known && thread.channelId !== null && <Matches contact={known.contact} ownId={known.ownId} />}
      <dl>
        {thread.channelId !== null && (
          <>
            <dt>{t('contact.number')}</dt>
            <dd>{phone ? phone.text : t('contact.noNumber')}</dd>
          </>
        )}
        {customer.username && (
          <>
            <dt>{t('contact.username')}</dt>
            <dd data-testid="contact-username">@{customer.username}</dd>
          </>
        )}
        {customer.profileName && (
          <>
            <dt>{t('contact.profile')}</dt>
            <dd>{customer.profileName}</dd>
          </>
        )}
        {thread.marketing && (
          <>
            <dt>{t('contact.marketing')}</dt>
            <dd data-testid="contact-marketing">
              {t(thread.marketing.stopped ? 'contact.marketingStopped' : 'contact.marketingWanted', {
                time: exact(thread.marketing.at),
              })}
            </dd>
          </>
        )}
        {channel && (
          <>
            <dt>{t('contact.channel')}</dt>
            <dd>{channel.name}</dd>
          </>
        )}
      </dl>
      {known && (
        <section>
          <h3>{t('contact.record')}</h3>
          <ContactFacts key={known.contact.id} contact={known.contact} short />
          <Merges contact={known.contact} />
          <Link to="/contacts/$contactId" params={{ contactId: known.contact.id }} data-testid="contact-open">
            {t('record.openRecord')}
          </Link>
        </section>
      )}
      <section>
        <h3>{t('contact.ticket')}</h3>
        {thread.ticket ? (
          <TicketDetails thread={thread} ticket={thread.ticket} />
        ) : (
          <p>{t('contact.noTicket')}</p>
        )}
      </section>
      {thread.channelId !== null && <SessionTimes session={thread.session} />}
      {known && <Belongings known={known} thread={thread} />}
    </>
  );
}

/** What else belongs to the contact. */
function Belongings({ known, thread }: { known: ThreadContact; thread: Thread }) {
  const { t } = useTranslation();
  const { contact } = known;
  return (
    <>
      <section>
        <h3>{t('record.otherThreads')}</h3>
        <ContactThreads id={contact.id} except={thread.id} />
      </section>
      <section>
        <h3>{t('record.otherTickets')}</h3>
        <ContactTickets id={contact.id} except={thread.ticket?.id} />
      </section>
      <section>
        <h3>{t('record.companies')}</h3>
        <Linked kind={companyKind} contactId={contact.id} />
      </section>
      <section>
        <h3>{t('record.deals')}</h3>
        <Linked kind={dealKind} contactId={contact.id} />
      </section>
    </>
  );
}

function SessionTimes({ session }: { session: Thread['session'] }) {
  const { t } = useTranslation();
  const { state } = useSession(session.endsAt);
  return (
    <section>
      <h3>{t('contact.session')}</h3>
      {session.endsAt === null ? (
        <p>{t('session.never')}</p>
      ) : (
        <dl>
          {session.openedAt && (
            <>
              <dt>{t('session.opened')}</dt>
              <dd>{exact(session.openedAt)}</dd>
            </>
          )}
          <dt>{t(state === 'closed' ? 'session.ended' : 'session.ends')}</dt>
          <dd>{exact(session.endsAt)}</dd>
          {session.freeUntil && (
            <>
              <dt>{t('session.free')}</dt>
              <dd data-testid="session-free">{t('session.freeUntil', { time: exact(session.freeUntil) })}</dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function DetailsSkeleton() {
  return (
    <>
      <div className={styles.who} aria-hidden="true">
        <Bone width={44} height={44} round />
        <div>
          <Bone width="60%" height={16} />
        </div>
      </div>
      <Bone width="80%" />
      <Bone width="65%" />
      <Bone width="72%" />
    </>
  );
}
