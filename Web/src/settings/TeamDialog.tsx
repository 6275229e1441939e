import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { directory, type Person, type Team } from '../api/people';
import type { Channel } from '../api/types';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { CheckList, Field } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { RemoveButton } from '../shared/ui/RemoveButton';
import { isChanged, saveProblem } from './changedBy';
import { useRemoveTeam, useSaveTeam } from './queries';
import styles from './SettingsPage.module.css';

interface Props {
  /** Null: a new one. */
  team: Team | null;
  people: Person[];
  channels: Channel[];
  onClose: () => void;
}

export function TeamDialog({ team, people, channels, onClose }: Props) {
  const { t } = useTranslation();
  const save = useSaveTeam();
  const remove = useRemoveTeam();
  const [name, setName] = useState(team?.name ?? '');
  const [memberIds, setMemberIds] = useState(team?.memberIds ?? []);
  const [channelIds, setChannelIds] = useState(team?.channelIds ?? []);
  const [version, setVersion] = useState(team?.version);
  const problem = save.error ?? remove.error;
  // Saved again, it takes the place of what the other has made of it.
  const renew = async (error: unknown) => {
    if (isChanged(error)) setVersion((await directory.teams()).find(({ id }) => id === team?.id)?.version);
  };
  return (
    <Dialog title={team?.name ?? t('settings.teams.add')} onClose={onClose}>
      <form
        className={`${styles.form} ${styles.padded}`}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(
            { id: team?.id ?? null, change: { name, memberIds, channelIds, version } },
            { onSuccess: onClose, onError: (error) => void renew(error) },
          );
        }}
      >
        <Field
          label={t('settings.teams.name')}
          value={name}
          maxLength={100}
          required
          data-autofocus
          data-testid="team-name"
          onChange={(event) => setName(event.target.value)}
        />
        <CheckList
          label={t('settings.teams.membersLabel')}
          options={people
            .filter((one) => one.active || memberIds.includes(one.id))
            .map((one) => ({ value: one.id, label: one.name, note: one.email }))}
          chosen={memberIds}
          empty=""
          onChange={setMemberIds}
        />
        <CheckList
          label={t('settings.teams.channelsLabel')}
          options={channels.map((one) => ({ value: one.id, label: one.name, note: one.displayPhoneNumber }))}
          chosen={channelIds}
          empty={t('settings.people.noChannels')}
          onChange={setChannelIds}
        />
        <p className={styles.lead}>{t('settings.teams.channelsHint')}</p>
        {problem && <Problem>{saveProblem(t, problem)}</Problem>}
        <div className={styles.actions}>
          <Button look="primary" type="submit" disabled={save.isPending} data-testid="team-save">
            {t('settings.save')}
          </Button>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          {team && (
            <RemoveButton
              name={team.name}
              label={t('settings.teams.remove')}
              disabled={remove.isPending}
              onRemove={() => remove.mutate(team.id, { onSuccess: onClose })}
            />
          )}
        </div>
      </form>
    </Dialog>
  );
}
