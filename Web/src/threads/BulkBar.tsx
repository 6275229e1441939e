import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnProperty } from '../api/properties';
import { type Thread, type TicketChange, ticketStatuses } from '../api/types';
import { number } from '../shared/dates';
import { serverClock } from '../shared/serverClock';
import { useStore } from '../shared/store';
import { Button, IconButton } from '../shared/ui/Button';
import { laterDialog } from '../shared/ui/later';
import { Menu, type MenuOption } from '../shared/ui/Menu';
import { toast } from '../shared/ui/Toast';
import { assignment, useAssignees } from '../tickets/owners';
import { useOwnProperties } from '../tickets/ownProperties';
import { useTicketWords } from '../tickets/queries';
import { snoozeTime } from '../tickets/snooze';
import { LONGEST_TAG } from '../tickets/words';
import styles from './BulkBar.module.css';
import { bulkProgress, changeAll, type Progress, readAll, stopBulk } from './bulk';
import { clearSelection, selection } from './selection';

const ValuesDialog = laterDialog(async () => (await import('../tickets/ValuesDialog')).ValuesDialog);

/** What can be done to the chosen rows at once. */
export function BulkBar({ rows }: { rows: Thread[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const assignees = useAssignees();
  const words = useTicketWords();
  const ids = useStore(selection);
  const progress = useStore(bulkProgress);
  const own = useOwnProperties().filter(({ archived }) => !archived);
  const [setting, setSetting] = useState<OwnProperty | null>(null);
  const chosen = rows.filter(({ id }) => ids.has(id));
  if (progress) return <Running progress={progress} />;
  if (ids.size === 0) return null;

  const told = ({ done, failed }: Progress) =>
    failed > 0
      ? t('bulk.doneSome', { done: number(done), failed: number(failed) })
      : t('bulk.done', { count: done });
  const change = async (what: TicketChange) => {
    clearSelection();
    const result = await changeAll(queryClient, chosen, what);
    const undo = () => void result.undo().then((back) => toast(t('bulk.undone', { count: back.done })));
    toast(told(result), { label: t('common.undo'), run: undo });
  };
  const read = async () => {
    clearSelection();
    toast(told(await readAll(queryClient, chosen)));
  };
  const now = serverClock.now();
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('bulk.label')} data-testid="bulk-bar">
      <b>{t('bulk.chosen', { count: chosen.length })}</b>
      <Act
        label={t('ticket.owner')}
        options={assignees}
        searchable
        onChoose={(to) => void change(assignment(to))}
      >
        {t('bulk.assign')}
      </Act>
      <Act
        label={t('ticket.status')}
        options={ticketStatuses.map((status) => ({
          key: status,
          value: status,
          label: t(`contact.status.${status}`),
        }))}
        onChoose={(status) => void change({ status })}
      >
        {t('ticket.status')}
      </Act>
      <Act
        label={t('ticket.addTag')}
        options={(words?.tags ?? []).map((tag) => ({ key: tag, value: tag, label: tag }))}
        searchable
        onTyped={(tag) => void change({ addTags: [tag] })}
        longest={LONGEST_TAG}
        onChoose={(tag) => void change({ addTags: [tag] })}
      >
        {t('ticket.tags')}
      </Act>
      {own.length > 0 && (
        <Act
          label={t('ownProperty.set')}
          options={own.map((property) => ({ key: property.id, value: property, label: property.label }))}
          searchable
          onChoose={setSetting}
        >
          {t('ownProperty.set')}
        </Act>
      )}
      {setting && (
        <ValuesDialog
          title={t('ownProperty.setOn', { count: chosen.length })}
          properties={[setting]}
          act={t('ownProperty.set')}
          needed
          onDone={(properties) => void change({ properties })}
          onClose={() => setSetting(null)}
        />
      )}
      <Act
        label={t('ticket.snooze.label')}
        options={(['hour', 'threeHours', 'tomorrow', 'monday'] as const).map((choice) => ({
          key: choice,
          value: snoozeTime(choice, now),
          label: t(`ticket.snooze.${choice}`),
        }))}
        onChoose={(until) => void change({ snoozedUntil: until.toISOString() })}
      >
        {t('ticket.snooze.label')}
      </Act>
      <Button data-testid="bulk-read" onClick={() => void read()}>
        {t('bulk.read')}
      </Button>
      <IconButton icon="close" size={16} label={t('bulk.clear')} onClick={clearSelection} />
    </div>
  );
}

function Running({ progress: { done, failed, total } }: { progress: Progress }) {
  const { t } = useTranslation();
  return (
    <div className={styles.bar}>
      <progress value={done + failed} max={total} aria-label={t('bulk.running')} />
      <span>{t('bulk.progress', { done: number(done + failed), total: number(total) })}</span>
      <Button onClick={stopBulk}>{t('bulk.stop')}</Button>
    </div>
  );
}

interface ActProps<T> {
  label: string;
  options: MenuOption<T>[];
  searchable?: boolean;
  onTyped?: (text: string) => void;
  longest?: number;
  onChoose: (value: T) => void;
  children: ReactNode;
}

function Act<T>({ children, ...menu }: ActProps<T>) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={button} aria-haspopup="listbox" aria-expanded={open} onClick={() => setOpen(!open)}>
        {children}
      </Button>
      {open && <Menu anchor={button} {...menu} onClose={() => setOpen(false)} />}
    </>
  );
}
