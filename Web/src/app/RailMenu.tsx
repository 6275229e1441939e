import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { people } from '../api/endpoints';
import type { SendKey } from '../api/types';
import { AvailabilityDot, AvailabilitySwitch } from '../assignment/AvailabilitySwitch';
import { useOwnAvailability } from '../assignment/queries';
import { effectiveSendKey, modifierName } from '../composer/sendKey';
import { languages } from '../i18n';
import { Bell } from '../notices/Bell';
import { useMe, useUpdateMe } from '../people/queries';
import { useStore } from '../shared/store';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Choice } from '../shared/ui/Choice';
import { Icon } from '../shared/ui/Icon';
import { Popover } from '../shared/ui/Popover';
import { toast } from '../shared/ui/Toast';
import { Tooltip } from '../shared/ui/Tooltip';
import { singleKeys } from '../shortcuts/settings';
import { LiveState } from './Rail';
import styles from './Rail.module.css';
import { type Theme, theme } from './theme';

/** The agent's own menu: language, send key, appearance, shortcuts, sign-out. */
export function RailMenu({ side }: { side: 'right' | 'bottom' }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const own = useOwnAvailability();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      {side === 'bottom' && (
        <>
          <LiveState />
          <Bell side="bottom" />
        </>
      )}
      <Tooltip text={t('prefs.open')}>
        <button
          ref={button}
          type="button"
          className={styles.me}
          aria-label={`${t('prefs.open')}, ${agent.name}`}
          aria-haspopup="dialog"
          aria-expanded={open}
          data-testid="preferences-open"
          onClick={() => setOpen(!open)}
        >
          <Avatar id={agent.id} name={agent.name} size="small" />
          {own && <AvailabilityDot available={own.available} />}
        </button>
      </Tooltip>
      {open && (
        <Popover anchor={button} label={t('prefs.open')} side={side} onClose={() => setOpen(false)}>
          <Preferences />
        </Popover>
      )}
    </>
  );
}

function Preferences() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const update = useUpdateMe();
  const chosenTheme = useStore(theme);
  const keys = useStore(singleKeys);
  const mod = modifierName();
  const save = (change: Parameters<typeof update.mutate>[0]) =>
    update.mutate(change, { onError: () => toast(t('prefs.notSaved')) });

  return (
    <div className={styles.prefs}>
      <div className={styles.who}>
        <Avatar id={agent.id} name={agent.name} />
        <div>
          <b>{agent.name}</b>
          <span>{agent.email}</span>
        </div>
      </div>
      <AvailabilitySwitch />
      <div className={styles.setting}>
        {t('prefs.language')}
        <Choice
          label={t('prefs.language')}
          value={agent.language}
          options={languages.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
          onChange={(language) => save({ language })}
          testId="language-switch"
        />
      </div>
      <div className={styles.setting}>
        {t('prefs.sendKey')}
        <Choice<SendKey>
          label={t('prefs.sendKey')}
          value={effectiveSendKey(agent)}
          options={[
            { value: 'enter', label: t('prefs.enter') },
            { value: 'ctrlEnter', label: t('prefs.ctrlEnter', { mod }) },
          ]}
          onChange={(sendKey) => save({ sendKey })}
        />
      </div>
      <div className={styles.setting}>
        {t('prefs.theme')}
        <Choice<Theme>
          label={t('prefs.theme')}
          value={chosenTheme}
          options={[
            { value: 'system', label: t('prefs.themeSystem') },
            { value: 'light', label: t('prefs.themeLight') },
            { value: 'dark', label: t('prefs.themeDark') },
          ]}
          onChange={theme.set}
          testId="theme-switch"
        />
      </div>
      <label className={styles.switch}>
        <span>
          {t('prefs.singleKeys')}
          <small>{t('prefs.singleKeysHint')}</small>
        </span>
        <input
          type="checkbox"
          role="switch"
          aria-checked={keys}
          checked={keys}
          onChange={(event) => singleKeys.set(event.target.checked)}
        />
      </label>
      {(agent.role === 'admin' || agent.role === 'supervisor') && (
        <Link to="/team" className={styles.more}>
          <Icon name="people" size={16} />
          {t('team.title')}
        </Link>
      )}
      {agent.role === 'admin' && (
        <Link to="/operations" className={styles.more}>
          <Icon name="pulse" size={16} />
          {t('ops.title')}
        </Link>
      )}
      <Link to="/contacts" className={styles.more}>
        <Icon name="people" size={16} />
        {t('record.title')}
      </Link>
      <Link to="/settings" className={styles.more}>
        <Icon name="gear" size={16} />
        {t('settings.title')}
      </Link>
      <SignOut />
    </div>
  );
}

function SignOut() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    try {
      // Whoever signs in here next is somebody else: nothing of this person's is pushed here any more.
      const { turnOff } = await import('../notices/push');
      await turnOff().catch(() => undefined);
      await people.signOut();
    } catch {
      // Signed out or out of reach: either way this browser forgets what it has shown.
    }
    await navigate({ to: '/sign-in' });
    queryClient.clear();
  };
  return (
    <div className={styles.out}>
      <Button onClick={() => void leave()} data-testid="sign-out">
        <Icon name="signOut" size={16} />
        {t('prefs.signOut')}
      </Button>
    </div>
  );
}
