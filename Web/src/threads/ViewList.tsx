import { Link, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { View } from '../api/types';
import { ApprovalsLink } from '../approvals/ApprovalsLink';
import { useMe } from '../people/queries';
import { QuotaMeter } from '../quota/QuotaMeter';
import { number } from '../shared/dates';
import { IconButton } from '../shared/ui/Button';
import { Icon, type IconName } from '../shared/ui/Icon';
import { laterDialog } from '../shared/ui/later';
import { Menu } from '../shared/ui/Menu';
import { useViewActs, useViews } from '../views/queries';
import { useViewCounts } from './queries';
import styles from './ViewList.module.css';
import { HOME, viewsOf } from './views';

const ViewDialog = laterDialog(async () => (await import('../views/ViewDialog')).ViewDialog);

/** A view of somebody's own is counted up to here (docs/api.md, Views). */
const MOST_COUNTED = 1000;

export function ViewList({ view, onChosen }: { view: string; onChosen?: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { agent } = useMe();
  const counts = useViewCounts().data;
  const made = (useViews().data ?? []).filter((one) => !one.isDefault);
  const [editing, setEditing] = useState<View | 'new' | null>(null);
  const count = (id: string) => {
    const value = counts?.[id] ?? 0;
    if (value > MOST_COUNTED && made.some((one) => one.id === id)) return `${number(MOST_COUNTED)}+`;
    return value > 0 ? number(value) : '';
  };
  return (
    <>
      <nav className={styles.list} aria-label={t('views.label')}>
        {viewsOf(agent.role).map(({ id, icon }) => (
          <ViewLink
            key={id}
            id={id}
            icon={icon}
            name={t(`views.${id}`)}
            count={count(id)}
            current={id === view}
            onChosen={onChosen}
          />
        ))}
        <ApprovalsLink onChosen={onChosen} />
        <div className={styles.heading}>
          <h3>{t('views.own')}</h3>
          <IconButton
            icon="plus"
            size={16}
            label={t('views.create')}
            data-testid="view-create"
            onClick={() => setEditing('new')}
          />
        </div>
        {made.length === 0 && <p className={styles.hint}>{t('views.ownHint')}</p>}
        {made.map((one) => (
          <div key={one.id} className={styles.made}>
            <ViewLink
              id={one.id}
              icon={one.pinned ? 'star' : one.sharing === 'private' ? 'lock' : 'dot'}
              name={one.name ?? ''}
              count={count(one.id)}
              current={one.id === view}
              onChosen={onChosen}
            />
            <ViewMenu view={one} onEdit={() => setEditing(one)} current={one.id === view} />
          </div>
        ))}
      </nav>
      {editing && (
        <ViewDialog
          view={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={(saved) => {
            setEditing(null);
            void navigate({ to: '/inbox/$view', params: { view: saved.id } });
            onChosen?.();
          }}
        />
      )}
    </>
  );
}

interface LinkProps {
  id: string;
  icon: IconName;
  name: string;
  count: string;
  current: boolean;
  onChosen?: () => void;
}

function ViewLink({ id, icon, name, count, current, onChosen }: LinkProps) {
  return (
    <Link
      to="/inbox/$view"
      params={{ view: id }}
      className={styles.view}
      aria-current={current ? 'page' : undefined}
      activeProps={{}}
      data-view={id}
      data-testid="view-link"
      onClick={onChosen}
    >
      <Icon name={icon} />
      <span dir="auto">{name}</span>
      <b>{count}</b>
    </Link>
  );
}

type Act = 'edit' | 'duplicate' | 'pin' | 'link' | 'delete';

function ViewMenu({ view, current, onEdit }: { view: View; current: boolean; onEdit: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const acts = useViewActs();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const offered: Act[] = view.canEdit
    ? ['edit', 'duplicate', 'pin', 'link', 'delete']
    : ['duplicate', 'pin', 'link'];
  const icons: Record<Act, IconName> = {
    edit: 'edit',
    duplicate: 'copy',
    pin: 'star',
    link: 'link',
    delete: 'trash',
  };
  const run = async (act: Act) => {
    switch (act) {
      case 'edit':
        return onEdit();
      case 'duplicate': {
        const copy = await acts.duplicate(view);
        if (copy) void navigate({ to: '/inbox/$view', params: { view: copy.id } });
        return;
      }
      case 'pin':
        return void acts.pin(view);
      case 'link':
        return void acts.copyLink(view);
      case 'delete':
        if ((await acts.remove(view)) && current)
          void navigate({ to: '/inbox/$view', params: { view: HOME } });
    }
  };
  return (
    <>
      <IconButton
        ref={button}
        icon="more"
        size={16}
        className={styles.more}
        label={t('views.more', { name: view.name })}
        aria-haspopup="listbox"
        aria-expanded={open}
        data-testid="view-more"
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Menu
          anchor={button}
          label={t('views.more', { name: view.name })}
          options={offered.map((act) => ({
            key: act,
            value: act,
            label: t(act === 'pin' && view.pinned ? 'views.acts.unpin' : `views.acts.${act}`),
            face: <Icon name={icons[act]} size={16} />,
          }))}
          onChoose={(act) => void run(act)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

export function ViewsPane({ view }: { view: string }) {
  const { t } = useTranslation();
  return (
    <aside className={styles.pane} aria-label={t('views.label')}>
      <h2>{t('views.title')}</h2>
      <ViewList view={view} />
      <div className={styles.spacer} />
      <QuotaMeter />
    </aside>
  );
}
