import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchFilters, SearchHit } from '../api/types';
import { typeLabel } from '../messages/labels';
import { exact, relative } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { serverClock } from '../shared/serverClock';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { useSearch } from './queries';
import { SearchFilterBar } from './SearchFilterBar';
import styles from './SearchResults.module.css';

interface Props {
  view: string;
  q: string;
  filters: SearchFilters;
  openMessage: string | undefined;
  onFilters: (filters: SearchFilters) => void;
}

/** What was found in everything that is stored: customers and tickets first, then messages, newest first. */
export function SearchResults({ view, q, filters, openMessage, onFilters }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const found = useSearch(q, filters);
  const hits = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const narrowed = Object.values(filters).some(Boolean);

  // A page may be short, or empty, with more to come behind it (docs/api.md, Search).
  useEffect(() => {
    if (hits.length === 0 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hits.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-hit]') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    if (at === 0 && step < 0) document.querySelector<HTMLElement>('[data-search]')?.focus();
    else links[at + step]?.focus();
  };

  return (
    <div className={styles.pane}>
      <SearchFilterBar filters={filters} onChange={onFilters} />
      <div
        ref={list}
        className={styles.list}
        role="group"
        aria-label={t('search.results')}
        aria-busy={found.isFetching}
        data-testid="search-results"
        onKeyDown={move}
      >
        {found.isPending && <Skeleton />}
        {found.isError && hits.length === 0 && (
          <ErrorState
            title={t('search.errorTitle')}
            text={errorText(t, found.error)}
            onRetry={() => void found.refetch()}
          />
        )}
        {found.isSuccess && hits.length === 0 && !hasNextPage && (
          <EmptyState
            icon="search"
            title={t('search.emptyTitle', { q })}
            text={t(narrowed ? 'search.emptyNarrowed' : 'search.emptyText')}
          />
        )}
        {hits.map((hit, index) => (
          <div key={`${hit.kind} ${hit.messageId ?? hit.threadId ?? hit.ticket?.number}`}>
            {hits[index - 1]?.kind !== hit.kind && (
              <h2 className={styles.group}>{t(`search.kind.${hit.kind}`)}</h2>
            )}
            <Hit hit={hit} view={view} q={q} open={hit.messageId !== null && hit.messageId === openMessage} />
          </div>
        ))}
        {hasNextPage && hits.length > 0 && (
          <div className={styles.more}>
            <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('search.more')}
            </Button>
          </div>
        )}
      </div>
      <div className="visually-hidden" role="status">
        {found.isSuccess ? t('search.found', { count: hits.length }) : ''}
      </div>
    </div>
  );
}

function Hit({ hit, view, q, open }: { hit: SearchHit; view: string; q: string; open: boolean }) {
  const { t } = useTranslation();
  const now = serverClock.now();
  const content = (
    <>
      <Avatar id={hit.contact.id} name={hit.contact.name} size="small" />
      <span className={styles.name}>{hit.contact.name}</span>
      <time className={styles.time} dateTime={hit.at} title={exact(hit.at)}>
        {relative(hit.at, now, t('time.now'))}
      </time>
      <span className={styles.snippet} dir="auto">
        {hit.ticket && (
          <span>
            #{hit.ticket.number} · {t(`contact.status.${hit.ticket.status}`)}
          </span>
        )}
        {hit.direction === 'outbound' && <Icon name="sendOut" size={12} />}
        {hit.direction === 'note' && <Icon name="note" size={12} />}
        {hit.type && hit.type !== 'text' && hit.type !== 'note' && (
          <span className={styles.type}>{typeLabel(t, hit.type)}</span>
        )}
        {hit.snippet && <Marked text={hit.snippet.text} highlights={hit.snippet.highlights} />}
      </span>
    </>
  );
  if (!hit.threadId) return <div className={styles.hit}>{content}</div>;
  return (
    <Link
      to="/inbox/$view/$threadId"
      params={{ view, threadId: hit.threadId }}
      search={(before) => ({ ...before, q, message: hit.messageId ?? undefined })}
      className={styles.hit}
      aria-current={open ? 'true' : undefined}
      activeProps={{}}
      data-hit
      data-testid="search-hit"
      data-kind={hit.kind}
    >
      {content}
    </Link>
  );
}

/** The text with what was found marked in it; places are in UTF-16 units, as in these strings. */
export function Marked({
  text,
  highlights,
}: {
  text: string;
  highlights: { start: number; length: number }[];
}) {
  const pieces: { key: number; text: string; hit: boolean }[] = [];
  let at = 0;
  for (const { start, length } of highlights) {
    if (start > at) pieces.push({ key: at, text: text.slice(at, start), hit: false });
    pieces.push({ key: start, text: text.slice(start, start + length), hit: true });
    at = start + length;
  }
  if (at < text.length) pieces.push({ key: at, text: text.slice(at), hit: false });
  return (
    <span>
      {pieces.map((piece) =>
        piece.hit ? <mark key={piece.key}>{piece.text}</mark> : <span key={piece.key}>{piece.text}</span>,
      )}
    </span>
  );
}

const bones = ['80%', '62%', '88%', '54%', '72%'];

function Skeleton() {
  const { t } = useTranslation();
  return (
    <div role="status">
      <span className="visually-hidden">{t('common.loading')}</span>
      {bones.map((width) => (
        <div key={width} className={styles.hit} aria-hidden="true">
          <Bone width={30} height={30} round />
          <Bone width="44%" height={13} />
          <Bone width={30} height={10} />
          <Bone width={width} height={11} />
        </div>
      ))}
    </div>
  );
}
