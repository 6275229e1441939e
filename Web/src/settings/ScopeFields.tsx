import { useTranslation } from 'react-i18next';
import type { Role, Team } from '../api/people';
import type { Channel } from '../api/types';
import { Check, CheckList } from '../shared/ui/Field';

interface Scope {
  allChannels: boolean;
  channelIds: string[];
  teamIds: string[];
}

interface Props {
  role: Role;
  scope: Scope;
  channels: Channel[];
  teams: Team[];
  onChange: (change: Partial<Scope>) => void;
}

/** What somebody sees: channels (an admin sees all) and teams. */
export function ScopeFields({ role, scope, channels, teams, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {role !== 'admin' && (
        <Check
          label={t('settings.people.allChannels')}
          hint={t('settings.people.allChannelsHint')}
          checked={scope.allChannels}
          data-testid="person-all-channels"
          onChange={(event) => onChange({ allChannels: event.target.checked })}
        />
      )}
      {role !== 'admin' && !scope.allChannels && (
        <CheckList
          label={t('settings.people.channels')}
          options={channels.map((one) => ({ value: one.id, label: one.name, note: one.displayPhoneNumber }))}
          chosen={scope.channelIds}
          empty={t('settings.people.noChannels')}
          onChange={(channelIds) => onChange({ channelIds })}
        />
      )}
      <CheckList
        label={t('settings.teams.title')}
        options={teams.map((one) => ({ value: one.id, label: one.name }))}
        chosen={scope.teamIds}
        empty={t('settings.teams.empty')}
        onChange={(teamIds) => onChange({ teamIds })}
      />
    </>
  );
}
