import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Invitation, type Invited, invitations, type Role, type Team } from '../api/people';
import type { Channel, Language } from '../api/types';
import { currentLanguage, languages } from '../i18n';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field, SelectField } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import { RoleField } from './RoleField';
import { ScopeFields } from './ScopeFields';
import styles from './SettingsPage.module.css';

const key = ['invitations'];

/** Who was invited and has not joined yet. */
export function Invitations() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const list = useQuery({ queryKey: key, queryFn: ({ signal }) => invitations.list(signal) });
  const refresh = () => queryClient.invalidateQueries({ queryKey: key });
  const [renewed, setRenewed] = useState<Invited | null>(null);
  const renew = useMutation({ mutationFn: invitations.renew, onSuccess: setRenewed, onSettled: refresh });
  const revoke = useMutation({ mutationFn: invitations.revoke, onSettled: refresh });
  if (!list.data || list.data.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby="invitations">
      <h2 id="invitations">{t('settings.invite.pending')}</h2>
      <ul className={styles.rows}>
        {list.data.map((one) => (
          <Row
            key={one.id}
            invitation={one}
            onRenew={() => renew.mutate(one.id)}
            onRevoke={() => revoke.mutate(one.id)}
          />
        ))}
      </ul>
      {renewed && (
        <Dialog title={renewed.invitation.email} onClose={() => setRenewed(null)}>
          <Handover invited={renewed} onClose={() => setRenewed(null)} />
        </Dialog>
      )}
    </section>
  );
}

function Row(props: { invitation: Invitation; onRenew: () => void; onRevoke: () => void }) {
  const { t } = useTranslation();
  const { invitation } = props;
  const expired = invitation.state === 'expired';
  return (
    <li className={styles.row} data-testid="invitation">
      <div className={styles.who}>
        <div>
          <b>{invitation.email}</b>
          <span>{t('settings.invite.until', { time: exact(invitation.expiresAt) })}</span>
        </div>
      </div>
      <span className={styles.badge}>{t(`settings.roles.${invitation.role}`)}</span>
      {expired && <span className={`${styles.badge} ${styles.warn}`}>{t('settings.invite.expired')}</span>}
      <Button onClick={props.onRenew}>{t('settings.invite.renew')}</Button>
      <Button onClick={props.onRevoke}>{t('settings.invite.revoke')}</Button>
    </li>
  );
}

interface DialogProps {
  teams: Team[];
  channels: Channel[];
  onClose: () => void;
}

/** Asks for the address and what the person may do, then shows the link to hand over. */
export function InviteDialog({ teams, channels, onClose }: DialogProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('agent');
  const [language, setLanguage] = useState<Language>(currentLanguage());
  const [scope, setScope] = useState({
    allChannels: true,
    channelIds: [] as string[],
    teamIds: [] as string[],
  });
  const narrow = (change: Partial<typeof scope>) => setScope({ ...scope, ...change });
  const invite = useMutation({
    mutationFn: () => invitations.invite({ email, role, language, ...scope }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  return (
    <Dialog title={t('settings.invite.title')} lead={t('settings.invite.lead')} onClose={onClose}>
      {invite.data ? (
        <Handover invited={invite.data} onClose={onClose} />
      ) : (
        <form className={`${styles.form} ${styles.padded}`} onSubmit={submit}>
          <Field
            label={t('signIn.email')}
            type="email"
            required
            data-autofocus
            data-testid="invite-email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <RoleField role={role} testId="invite-role" onChange={setRole} />
          <SelectField
            label={t('signIn.language')}
            value={language}
            onChange={(event) => setLanguage(event.target.value as Language)}
          >
            {languages.map(({ code, name }) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </SelectField>
          <ScopeFields role={role} scope={scope} channels={channels} teams={teams} onChange={narrow} />
          {invite.error && <Problem>{errorText(t, invite.error)}</Problem>}
          <div className={styles.actions}>
            <Button look="primary" type="submit" disabled={invite.isPending} data-testid="invite-submit">
              {t('settings.invite.submit')}
            </Button>
            <Button onClick={onClose}>{t('settings.cancel')}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Handover({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={`${styles.form} ${styles.padded}`}>
      <p>{t(invited.mailed ? 'settings.invite.mailed' : 'settings.invite.notMailed')}</p>
      <Field
        label={t('settings.invite.link')}
        hint={t('settings.invite.once')}
        readOnly
        value={invited.link}
        data-testid="invite-link"
        onFocus={(event) => event.target.select()}
      />
      <div className={styles.actions}>
        <Button
          onClick={() => {
            void navigator.clipboard?.writeText(invited.link);
            toast(t('settings.copied'));
          }}
        >
          {t('settings.copy')}
        </Button>
        <Button look="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  );
}
