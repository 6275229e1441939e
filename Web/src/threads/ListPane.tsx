import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../people/queries';
import { QuotaMeter } from '../quota/QuotaMeter';
import { useStore } from '../shared/store';
import { IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { later, laterDialog } from '../shared/ui/later';
import { Popover } from '../shared/ui/Popover';
import { newTicketOpen, openNewTicket } from '../tickets/newTicket';
import { useOwnProperties } from '../tickets/ownProperties';
import { ownIdOf, propertyName } from '../views/conditions';
import { useView } from '../views/queries';
import { ThreadList } from './ThreadList';
import styles from './ThreadList.module.css';
import { ViewList } from './ViewList';
import viewStyles from './ViewList.module.css';
import { isDefaultView } from './views';

const NewTicketDialog = laterDialog(async () => (await import('../tickets/NewTicketDialog')).NewTicketDialog);

const SearchResults = later(async () => (await import('../search/SearchResults')).SearchResults);

interface Props {
  view: string;
  q: string;
  openId: string | null;
  /** Where there is no pane of views, the title opens them. */
  withViewMenu: boolean;
  children?: React.ReactNode;
}

const route = getRouteApi('/signed-in/inbox/$view');

const SEARCH_DELAY_MS = 200;

export function ListPane({ view, q, openId, withViewMenu, children }: Props) {
  const { t } = useTranslation();
  const name = useViewName(view);
  const navigate = useNavigate();
  const { q: _q, message, ...filters } = route.useSearch();
  const missing = useView(view)?.missing ?? [];
  const { agent } = useMe();
  const creating = useStore(newTicketOpen);
  return (
    <section className={styles.pane} aria-label={t('list.label')}>
      <header className={styles.header}>
        {withViewMenu ? <ViewMenu view={view} /> : <h1 dir="auto">{name}</h1>}
        {agent.role !== 'viewer' && (
          <IconButton
            icon="ticketPlus"
            label={t('desk.new')}
            data-testid="ticket-new"
            onClick={openNewTicket}
          />
        )}
        {children}
      </header>
      {creating && <NewTicketDialog view={view} onClose={() => newTicketOpen.set(false)} />}
      <SearchField view={view} q={q} openId={openId} />
      {missing.length > 0 && (
        <p className={styles.missing} role="status" data-testid="view-missing">
          <Missing keys={missing} />
        </p>
      )}
      {q ? (
        <SearchResults
          view={view}
          q={q}
          filters={filters}
          openMessage={message}
          onFilters={(next) =>
            void navigate({
              to: '.',
              search: { q, message, ...next },
              replace: true,
            })
          }
        />
      ) : (
        <ThreadList view={view} openId={openId} />
      )}
    </section>
  );
}

/** What a view names and cannot go by: archived properties are known by their names still. */
function Missing({ keys }: { keys: string[] }) {
  const { t } = useTranslation();
  const own = useOwnProperties();
  const names = keys.map((key) => own.find(({ id }) => id === ownIdOf(key))?.label ?? propertyName(t, key));
  return t('views.missing', { properties: names.join(', ') });
}

function useViewName(id: string): string {
  const { t } = useTranslation();
  const made = useView(id);
  return isDefaultView(id) ? t(`views.${id}`) : (made?.name ?? t('views.label'));
}

function ViewMenu({ view }: { view: string }) {
  const { t } = useTranslation();
  const name = useViewName(view);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <h1>
        <button
          ref={button}
          type="button"
          className={viewStyles.menuButton}
          aria-haspopup="dialog"
          aria-expanded={open}
          data-testid="views-open"
          onClick={() => setOpen(!open)}
        >
          {name}
          <Icon name="down" size={16} />
        </button>
      </h1>
      {open && (
        <Popover anchor={button} label={t('views.choose')} onClose={() => setOpen(false)}>
          <div className={viewStyles.menu}>
            <ViewList view={view} onChosen={() => setOpen(false)} />
            <QuotaMeter />
          </div>
        </Popover>
      )}
    </>
  );
}

/** The search stands in the address, a moment after the last key; an input method's half words do not. */
function SearchField({ view, q, openId }: { view: string; q: string; openId: string | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  const [composing, setComposing] = useState(false);

  // Only another view, or the address itself, sets the field: typing must not be overtaken by its own echo.
  useForeignChange(q, text, setText, input);

  useEffect(() => {
    if (composing || text.trim() === q) return;
    const timer = window.setTimeout(() => {
      const words = text.trim() || undefined;
      // Without words there is no search, and its filters go with it.
      const search = words ? (before: object) => ({ ...before, q: words }) : {};
      if (openId) {
        void navigate({
          to: '/inbox/$view/$threadId',
          params: { view, threadId: openId },
          search,
          replace: true,
        });
      } else {
        void navigate({ to: '/inbox/$view', params: { view }, search, replace: true });
      }
    }, SEARCH_DELAY_MS);
    return () => window.clearTimeout(timer);
  }, [text, q, composing, navigate, view, openId]);

  return (
    <div className={styles.search} role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        value={text}
        placeholder={t('list.search')}
        aria-label={t('list.search')}
        data-search
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            document.querySelector<HTMLElement>('[data-hit]')?.focus();
          }
          if (event.key !== 'Escape') return;
          if (text) setText('');
          else input.current?.blur();
        }}
      />
      {text ? (
        <IconButton
          icon="close"
          size={16}
          label={t('list.clear')}
          onClick={() => {
            setText('');
            input.current?.focus();
          }}
        />
      ) : (
        <span aria-hidden="true">
          <kbd>/</kbd>
        </span>
      )}
    </div>
  );
}

function useForeignChange(
  q: string,
  text: string,
  setText: (text: string) => void,
  input: RefObject<HTMLInputElement | null>,
) {
  const last = useRef(q);
  useEffect(() => {
    if (q === last.current) return;
    last.current = q;
    if (q !== text.trim() && document.activeElement !== input.current) setText(q);
  }, [q, text, setText, input]);
}
