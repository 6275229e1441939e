import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { threads, tickets } from '../api/endpoints';
import type { Thread } from '../api/types';
import { useChannels } from '../channels/queries';
import composer from '../composer/Composer.module.css';
import { NoteEditor } from '../composer/NoteEditor';
import { useContactThreads, useThreadContact } from '../records/queries';
import { relative } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { serverClock } from '../shared/serverClock';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Menu, type MenuOption } from '../shared/ui/Menu';
import { toast } from '../shared/ui/Toast';
import { requestTemplates } from '../templates/request';
import { threadQuery } from '../threads/queries';
import styles from './DeskFoot.module.css';
import { useTicketRequest } from './TicketBar';

type Target = { threadId: string } | { channelId: string };

/** Under a ticket without a conversation: why one cannot write to the customer here, the way to do so, and notes. */
export function DeskFoot({ thread, view }: { thread: Thread; view: string }) {
  const { t } = useTranslation();
  const { id } = thread.contact;
  // A ticket that is only looked at leaves the keys to the list.
  const [noting, setNoting] = useState(false);
  useTicketRequest({ note: () => setNoting(true) });
  useFollow(thread, view);
  return (
    <div className={`${composer.area} ${styles.foot}`}>
      <section className={composer.locked} data-testid="desk-why">
        <Icon name="ticket" size={20} />
        <div>
          <b>{t('desk.noConversation')}</b>
          {t(id ? 'desk.why' : 'desk.whyNobody')}
        </div>
        {id && <Write thread={thread} contactId={id} view={view} />}
      </section>
      {thread.ticket && <NoteEditor thread={thread} focused={noting} />}
    </div>
  );
}

/** The contact's conversations to which the ticket can go over; where there is none, one is begun. */
function Write({ thread, contactId, view }: { thread: Thread; contactId: string; view: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [working, setWorking] = useState(false);
  const contact = useThreadContact(thread.id, thread.version).data?.contact;
  const existing = useContactThreads(contactId).data ?? [];
  const channels = (useChannels().data ?? []).filter(({ state }) => state === 'connected');
  const ticketId = thread.ticket?.id;
  if (!ticketId || !(existing.length > 0 || contact?.mobilePhone || contact?.phone)) return null;

  const channelName = (id: string | null) =>
    channels.find((channel) => channel.id === id)?.name ?? 'WhatsApp';
  const now = serverClock.now();
  const options: MenuOption<Target>[] = [
    ...existing.map(
      (one): MenuOption<Target> => ({
        key: one.id,
        value: { threadId: one.id },
        label: channelName(one.channelId),
        note: relative(one.lastActivityAt, now, t('time.now')),
        group: t('desk.conversations'),
      }),
    ),
    ...channels
      .filter((channel) => !existing.some((one) => one.channelId === channel.id))
      .map(
        (channel): MenuOption<Target> => ({
          key: channel.id,
          value: { channelId: channel.id },
          label: channel.name,
          note: channel.displayPhoneNumber,
          group: t('desk.begin'),
        }),
      ),
  ];

  const go = async (target: Target) => {
    setWorking(true);
    try {
      const to =
        'threadId' in target ? target.threadId : (await threads.begin(target.channelId, contactId)).id;
      await tickets.attach(ticketId, to);
      await queryClient.invalidateQueries({ queryKey: threadQuery(queryClient, to).queryKey });
      await navigate({ to: '/inbox/$view/$threadId', params: { view, threadId: to } });
      const opened = await queryClient.fetchQuery(threadQuery(queryClient, to));
      // Outside a session nothing but a template can begin it.
      if (!opened.session.open) requestTemplates();
    } catch (error) {
      toast(errorText(t, error));
      setWorking(false);
    }
  };
  const first = options.length === 1 ? options[0] : undefined;
  return (
    <>
      <Button
        ref={button}
        look="primary"
        disabled={working || options.length === 0}
        aria-haspopup={first ? undefined : 'listbox'}
        data-testid="desk-write"
        onClick={() => (first ? void go(first.value) : setOpen(true))}
      >
        <Icon name="chat" size={16} />
        {t('desk.write')}
      </Button>
      {open && (
        <Menu
          anchor={button}
          label={t('desk.write')}
          options={options}
          side="top"
          onChoose={(target) => void go(target)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** Somebody gave the ticket a conversation while it was open here: it is looked at there. */
function useFollow(thread: Thread, view: string): void {
  const navigate = useNavigate();
  const left = thread.ticket === null;
  const { data } = useQuery({
    queryKey: ['tickets', 'gone', thread.id],
    queryFn: ({ signal }) => tickets.one(thread.id, signal),
    enabled: left,
  });
  const threadId = data?.threadId;
  useEffect(() => {
    if (left && threadId)
      void navigate({ to: '/inbox/$view/$threadId', params: { view, threadId }, replace: true });
  }, [left, threadId, view, navigate]);
}
