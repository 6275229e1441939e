import { useNavigate, useParams } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { toggleTheme } from '../app/theme';
import { useOwnAvailability, useSetAvailable } from '../assignment/queries';
import { isComposing } from '../composer/sendKey';
import { previewText } from '../messages/labels';
import { useMe } from '../people/queries';
import { Avatar } from '../shared/ui/Avatar';
import { Icon, type IconName } from '../shared/ui/Icon';
import { requestTemplates } from '../templates/request';
import { useFoundThreads } from '../threads/queries';
import { viewsOf } from '../threads/views';
import { openNewTicket } from '../tickets/newTicket';
import { requestTicket, type TicketAct } from '../tickets/request';
import { useViews } from '../views/queries';
import { overlay } from './overlay';
import styles from './Palette.module.css';

interface Option {
  id: string;
  group: 'commands' | 'threads';
  face: ReactNode;
  text: string;
  note?: string;
  keys?: string;
  run: () => void;
}

const MOST_THREADS = 8;

/** Everything from one field: threads by name or number, and what can be done. */
export function Palette({ view, onClose }: { view: string; onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const options = useOptions(text, view);
  const current = options[Math.min(at, options.length - 1)];

  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  const choose = (option: Option | undefined) => {
    if (!option) return;
    onClose();
    option.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length > 0) {
      event.preventDefault();
      const next = (Math.min(at, options.length - 1) + step + options.length) % options.length;
      setAt(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      choose(current);
    }
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it as well, through onCancel.
    <dialog
      ref={dialog}
      className={styles.palette}
      aria-label={t('palette.label')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className={styles.field}>
        <Icon name="search" size={20} />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current ? `${listId}-${options.indexOf(current)}` : undefined}
          aria-label={t('palette.label')}
          placeholder={t('palette.placeholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={listId} role="listbox" aria-label={t('palette.label')} className={styles.results}>
        {options.length === 0 && <p className={styles.none}>{t('palette.none', { q: text.trim() })}</p>}
        {options.map((option, index) => (
          <div key={option.id} role="presentation">
            {option.group !== options[index - 1]?.group && (
              <div className={styles.group}>{t(`palette.${option.group}`)}</div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, by aria-activedescendant. */}
            <div
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={option === current}
              className={styles.option}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(option)}
            >
              {option.face}
              <span>
                {option.text}
                {option.note && <small>{option.note}</small>}
              </span>
              {option.keys && <kbd>{option.keys}</kbd>}
            </div>
          </div>
        ))}
      </div>
    </dialog>
  );
}

function useOptions(text: string, view: string): Option[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const q = text.trim();
  // What is asked of the server may lag behind the keys; what Enter runs may not.
  const asked = useDeferredValue(q);
  const found = useFoundThreads(asked).data;
  const made = useViews().data;
  const open = useParams({ strict: false }).threadId !== undefined;
  const own = useOwnAvailability();
  const { role } = useMe().agent;
  const viewer = role === 'viewer';
  const setAvailable = useSetAvailable().mutate;

  return useMemo(() => {
    const go = (id: string) => () => void navigate({ to: '/inbox/$view', params: { view: id } });
    const command = (id: string, icon: IconName, name: string, run: () => void, keys?: string): Option => ({
      id,
      group: 'commands',
      face: (
        <span className={styles.icon} aria-hidden="true">
          <Icon name={icon} />
        </span>
      ),
      text: name,
      keys,
      run,
    });
    const keys: Record<string, string> = { open: 'G I', mine: 'G M', unassigned: 'G U' };
    const acts: { act: TicketAct; icon: IconName; name: string; key: string }[] = [
      { act: 'mine', icon: 'person', name: t('shortcuts.mine'), key: 'I' },
      { act: 'owner', icon: 'people', name: t('shortcuts.assign'), key: 'A' },
      { act: 'tag', icon: 'flag', name: t('shortcuts.tag'), key: 'T' },
      { act: 'close', icon: 'check', name: t('shortcuts.close'), key: 'E' },
      { act: 'snooze', icon: 'moon', name: t('shortcuts.snooze'), key: 'S' },
      { act: 'note', icon: 'note', name: t('shortcuts.note'), key: 'N' },
      { act: 'macro', icon: 'bolt', name: t('shortcuts.macro'), key: 'M' },
    ];
    const commands = [
      // What can be done with the thread that is open comes first.
      ...(open
        ? acts.map(({ act, icon, name, key }) => command(act, icon, name, () => requestTicket(act), key))
        : []),
      ...viewsOf(role).map(({ id, icon }) =>
        command(id, icon, t('palette.goTo', { view: t(`views.${id}`) }), go(id), keys[id]),
      ),
      ...(made ?? [])
        .filter((one) => !one.isDefault)
        .map((one) => command(one.id, 'sliders', t('palette.goTo', { view: one.name }), go(one.id))),
      ...(viewer ? [] : [command('ticket-new', 'ticket', t('desk.new'), () => openNewTicket())]),
      command('template', 'template', t('shortcuts.template'), () => requestTemplates(), 'W'),
      ...(own
        ? [
            command(
              'available',
              'person',
              t(own.available ? 'availability.goAway' : 'availability.comeBack'),
              () => setAvailable({ id: own.id, available: !own.available }),
            ),
          ]
        : []),
      command('theme', 'sliders', t('palette.theme'), toggleTheme),
      command('design', 'panel', t('design.palette'), () => void navigate({ to: '/design' })),
      command('map', 'keyboard', t('shortcuts.open'), () => overlay.set('map'), '?'),
    ].filter((option) => option.text.toLowerCase().includes(q.toLowerCase()));
    const threads = (asked === q ? (found ?? []) : []).slice(0, MOST_THREADS).map(
      (thread): Option => ({
        id: `thread ${thread.id}`,
        group: 'threads',
        face: <Avatar id={thread.contact.id} name={thread.contact.name} size="small" />,
        text: thread.contact.name,
        note: thread.lastMessage ? previewText(t, thread.lastMessage) : undefined,
        run: () => void navigate({ to: '/inbox/$view/$threadId', params: { view, threadId: thread.id } }),
      }),
    );
    return q ? [...threads, ...commands] : [...commands, ...threads];
  }, [t, navigate, q, asked, found, view, made, open, own, role, viewer, setAvailable]);
}
