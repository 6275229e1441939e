import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Contact, contacts } from '../api/records';
import { useChannels } from '../channels/queries';
import { usePhone } from '../contact/phone';
import { useMe } from '../people/queries';
import { exact, relative, shortDate } from '../shared/dates';
import { useNow } from '../shared/ticker';
import { Button } from '../shared/ui/Button';
import { HOME } from '../threads/views';
import { act } from './change';
import styles from './Properties.module.css';
import { useContactThreads, useContactTickets } from './queries';

/** Other records with the same number: somebody says which one it is, or that it is none of them. */
export function Matches({ contact, ownId }: { contact: Contact; ownId: string }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const queryClient = useQueryClient();
  const { matches } = contact;
  if (matches.length === 0) return null;
  const choose = (id: string) =>
    act(
      queryClient,
      t,
      () => contacts.merge(ownId, id),
      t('record.matched'),
      (after) => {
        const merge = after.merges.find(({ contactId }) => contactId === ownId);
        return merge ? contacts.unmerge(merge.id) : contacts.one(after.id);
      },
    );
  const apart = () =>
    act(
      queryClient,
      t,
      () =>
        contacts.keepApart(
          contact.id,
          matches.map(({ id }) => id),
        ),
      t('record.keptApart'),
      () => contacts.keepApart(contact.id, []),
    );
  return (
    <div className={styles.matches} data-testid="contact-matches">
      <b>{t('record.sameNumber', { count: matches.length })}</b>
      <ul>
        {matches.map((match) => (
          <li key={match.id}>
            <span>
              <Link to="/contacts/$contactId" params={{ contactId: match.id }} dir="auto">
                {match.name}
              </Link>
              <small>{match.email ?? <PhoneText number={match.mobilePhone ?? match.phone} />}</small>
            </span>
            {agent.role !== 'viewer' && (
              <Button onClick={() => void choose(match.id)} data-testid="match-choose">
                {t('record.isThis')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {agent.role !== 'viewer' && (
        <Button look="link" onClick={() => void apart()} data-testid="match-apart">
          {t('record.keepApart')}
        </Button>
      )}
    </div>
  );
}

/** A number as it is written where the reader's account is. */
export function PhoneText({ number }: { number: string | null }) {
  const { account } = useMe();
  return usePhone(number?.slice(1) ?? null, account.country)?.text ?? null;
}

/** What was found to be this contact, each with the way back. */
export function Merges({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const queryClient = useQueryClient();
  if (contact.merges.length === 0) return null;
  return (
    <ul className={styles.list} data-testid="contact-merges">
      {contact.merges.map((merge) => (
        <li key={merge.id}>
          <span title={exact(merge.at)}>
            {t(merge.kind === 'number' ? 'record.byNumber' : 'record.byPerson', { name: merge.name })}
            <small>{shortDate(merge.at)}</small>
          </span>
          {agent.role !== 'viewer' && (
            <Button
              look="link"
              data-testid="merge-undo"
              onClick={() => void act(queryClient, t, () => contacts.unmerge(merge.id), t('record.undone'))}
            >
              {t('record.notThis')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The contact's threads that the reader may see. */
export function ContactThreads({ id, except }: { id: string; except?: string }) {
  const { t } = useTranslation();
  const { data } = useContactThreads(id);
  const channels = useChannels().data;
  const now = useNow(60);
  const shown = data?.filter((thread) => thread.id !== except);
  if (shown?.length === 0)
    return <p className={styles.none}>{t(except ? 'record.noOtherThreads' : 'record.noThreads')}</p>;
  return (
    <ul className={styles.list} data-testid="contact-threads">
      {shown?.map((thread) => (
        <li key={thread.id}>
          <Link to="/inbox/$view/$threadId" params={{ view: HOME, threadId: thread.id }}>
            {channels?.find((channel) => channel.id === thread.channelId)?.name ?? 'WhatsApp'}
            <small>
              {relative(thread.lastActivityAt, now, t('time.now'))}
              {thread.ticket && ` · #${thread.ticket.number} ${t(`contact.status.${thread.ticket.status}`)}`}
            </small>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function ContactTickets({ id, except }: { id: string; except?: string }) {
  const { t } = useTranslation();
  const { data } = useContactTickets(id);
  const shown = data?.filter((ticket) => ticket.id !== except);
  if (shown?.length === 0)
    return <p className={styles.none}>{t(except ? 'record.noOtherTickets' : 'record.noTickets')}</p>;
  return (
    <ul className={styles.list} data-testid="contact-tickets">
      {shown?.map((ticket) => {
        const text = (
          <>
            #{ticket.number} <span dir="auto">{ticket.subject ?? ''}</span>
            <small>
              {t(`contact.status.${ticket.status}`)} · {shortDate(ticket.openedAt)}
            </small>
          </>
        );
        return (
          <li key={ticket.id}>
            {/* One without a conversation is looked at under its own id. */}
            <Link to="/inbox/$view/$threadId" params={{ view: HOME, threadId: ticket.threadId ?? ticket.id }}>
              {text}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
