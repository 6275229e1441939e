import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { directory, type Person, type Role, type Team } from '../api/people';
import type { Channel } from '../api/types';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Check, Field } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import { isChanged, saveProblem } from './changedBy';
import { useChangePerson, useResetFactor, useSignOutPerson } from './queries';
import { RoleField } from './RoleField';
import { ScopeFields } from './ScopeFields';
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
  const [inTraining, setInTraining] = useState(person.inTraining);
  const [scope, setScope] = useState({
    allChannels: person.allChannels,
    channelIds: person.channelIds,
    teamIds: person.teamIds,
  });
  const narrow = (change: Partial<typeof scope>) => setScope({ ...scope, ...change });
  const [version, setVersion] = useState<string | undefined>(person.version);
  const problem = change.error ?? signOut.error ?? resetFactor.error;

  // Saved again, it takes the place of what the other has made of it.
  const renew = async (error: unknown) => {
    if (isChanged(error)) setVersion((await directory.people()).find(({ id }) => id === person.id)?.version);
  };
  const save = (more: { active?: boolean } = {}) =>
    change.mutate(
      {
        id: person.id,
        change: {
          name,
          role,
          inTraining,
          ...scope,
          allChannels: role === 'admin' || scope.allChannels,
          ...more,
          version,
        },
      },
      { onSuccess: onClose, onError: (error) => void renew(error) },
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
        {role === 'agent' && (
          <Check
            label={t('settings.people.inTraining')}
            hint={t('settings.people.inTrainingHint')}
            checked={inTraining}
            data-testid="person-training"
            onChange={(event) => setInTraining(event.target.checked)}
          />
        )}
        <ScopeFields role={role} scope={scope} channels={channels} teams={teams} onChange={narrow} />
        {problem && <Problem>{saveProblem(t, problem)}</Problem>}
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
