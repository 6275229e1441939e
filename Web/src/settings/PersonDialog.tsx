import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, Role, Team } from '../api/people';
import type { Channel } from '../api/types';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Check, CheckList, Field } from '../shared/ui/Field';
import { toast } from '../shared/ui/Toast';
import { useChangePerson, useResetFactor, useSignOutPerson } from './queries';
import { RoleField } from './RoleField';
import styles from './SettingsPage.module.css';

interface Props {
  person: Person;
  teams: Team[];
  channels: Channel[];
  onClose: () => void;
}

/** What one person is called, may do and may see; turning them off and signing them out. */
export function PersonDialog({ person, teams, channels, onClose }: Props) {
  const { t } = useTranslation();
  const change = useChangePerson();
  const signOut = useSignOutPerson();
  const resetFactor = useResetFactor();
  const [name, setName] = useState(person.name);
  const [role, setRole] = useState<Role>(person.role);
  const [all, setAll] = useState(person.allChannels);
  const [channelIds, setChannelIds] = useState(person.channelIds);
  const [teamIds, setTeamIds] = useState(person.teamIds);
  const problem = change.error ?? signOut.error ?? resetFactor.error;

  const save = (more: { active?: boolean } = {}) =>
    change.mutate(
      {
        id: person.id,
        change: { name, role, teamIds, channelIds, allChannels: role === 'admin' || all, ...more },
      },
      { onSuccess: onClose },
    );

  return (
    <Dialog title={person.name} lead={person.email} onClose={onClose}>
      <form
        className={`${styles.form} ${styles.padded}`}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field
          label={t('settings.people.name')}
          value={name}
          maxLength={100}
          required
          data-autofocus
          onChange={(event) => setName(event.target.value)}
        />
        <RoleField role={role} testId="person-role" onChange={setRole} />
        {role !== 'admin' && (
          <>
            <Check
              label={t('settings.people.allChannels')}
              hint={t('settings.people.allChannelsHint')}
              checked={all}
              data-testid="person-all-channels"
              onChange={(event) => setAll(event.target.checked)}
            />
            {!all && (
              <CheckList
                label={t('settings.people.channels')}
                options={channels.map((one) => ({
                  value: one.id,
                  label: one.name,
                  note: one.displayPhoneNumber,
                }))}
                chosen={channelIds}
                empty={t('settings.people.noChannels')}
                onChange={setChannelIds}
              />
            )}
          </>
        )}
        <CheckList
          label={t('settings.teams.title')}
          options={teams.map((one) => ({ value: one.id, label: one.name }))}
          chosen={teamIds}
          empty={t('settings.teams.empty')}
          onChange={setTeamIds}
        />
        {problem && (
          <p className={styles.notice} role="alert">
            {errorText(t, problem)}
          </p>
        )}
        <div className={styles.actions}>
          <Button look="primary" type="submit" disabled={change.isPending} data-testid="person-save">
            {t('settings.save')}
          </Button>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
        </div>
        <div className={styles.actions}>
          {person.active && (
            <Button
              disabled={signOut.isPending || person.sessions === 0}
              onClick={() =>
                signOut.mutate(person.id, {
                  onSuccess: ({ ended }) => {
                    toast(t('settings.people.signedOut', { name: person.name, count: ended }));
                    onClose();
                  },
                })
              }
            >
              {t('settings.people.signOut', { count: person.sessions ?? 0 })}
            </Button>
          )}
          {person.secondFactor && (
            <Button
              disabled={resetFactor.isPending}
              onClick={() =>
                resetFactor.mutate(person.id, {
                  onSuccess: () => {
                    toast(t('settings.people.factorReset', { name: person.name }));
                    onClose();
                  },
                })
              }
            >
              {t('settings.people.resetFactor')}
            </Button>
          )}
          <Button
            className={person.active ? styles.danger : ''}
            disabled={change.isPending}
            data-testid="person-active"
            onClick={() => save({ active: !person.active })}
          >
            {t(person.active ? 'settings.people.turnOff' : 'settings.people.turnOn')}
          </Button>
        </div>
        {person.active && <p className={styles.lead}>{t('settings.people.turnOffHint')}</p>}
      </form>
    </Dialog>
  );
}
