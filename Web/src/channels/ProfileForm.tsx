import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type BusinessProfile, connections } from '../api/channels';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field, SelectField, TextField } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import { PictureField } from './PictureField';
import { channelKeys } from './queries';

/** Meta's categories (Cloud API, "Onboarding"). */
const verticals = [
  'OTHER',
  'AUTO',
  'BEAUTY',
  'APPAREL',
  'EDU',
  'ENTERTAIN',
  'EVENT_PLAN',
  'FINANCE',
  'GROCERY',
  'GOVT',
  'HOTEL',
  'HEALTH',
  'NONPROFIT',
  'PROF_SERVICES',
  'RETAIL',
  'TRAVEL',
  'RESTAURANT',
  'ALCOHOL',
  'ONLINE_GAMBLING',
  'PHYSICAL_GAMBLING',
  'OTC_DRUGS',
] as const;

/** Longest texts, in characters (Cloud API, "Limits"). */
const lines = [
  ['about', 139],
  ['address', 256],
  ['email', 128],
] as const;

/** What customers see of the business in WhatsApp. */
export function ProfileForm({ id, profile }: { id: string; profile: BusinessProfile }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(profile);
  const websites = [0, 1].map((n) => draft.websites?.[n] ?? '');
  const save = useMutation({
    mutationFn: () =>
      connections.changeProfile(id, {
        ...draft,
        websites: websites.map((one) => one.trim()).filter(Boolean),
      }),
    onSuccess: () => {
      toast(t('settings.saved'));
      return queryClient.invalidateQueries({ queryKey: channelKeys.one(id) });
    },
  });
  return (
    <section className={settings.section} aria-labelledby="profile">
      <div className={settings.head}>
        <div>
          <h2 id="profile">{t('channels.profile.title')}</h2>
          <p>{t('channels.profile.lead')}</p>
        </div>
      </div>
      <form
        className={settings.form}
        data-testid="channel-profile"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <PictureField
          current={profile.pictureUrl ?? null}
          chosen={draft.pictureId ?? null}
          onChange={(pictureId) => setDraft((before) => ({ ...before, pictureId }))}
        />
        {lines.map(([name, longest]) => (
          <Field
            key={name}
            label={t(`channels.profile.${name}`)}
            value={draft[name] ?? ''}
            maxLength={longest}
            type={name === 'email' ? 'email' : 'text'}
            data-testid={`profile-${name}`}
            onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
          />
        ))}
        <TextField
          label={t('channels.profile.description')}
          rows={3}
          maxLength={512}
          value={draft.description ?? ''}
          onChange={(event) => setDraft({ ...draft, description: event.target.value })}
        />
        {websites.map((website, n) => (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: there are always two, and their place is their name.
            key={n}
            label={t('channels.profile.website', { n: n + 1 })}
            type="url"
            placeholder="https://"
            maxLength={256}
            value={website}
            onChange={(event) =>
              setDraft({
                ...draft,
                websites: websites.map((one, at) => (at === n ? event.target.value : one)),
              })
            }
          />
        ))}
        <SelectField
          label={t('channels.profile.vertical')}
          value={draft.vertical ?? ''}
          onChange={(event) => setDraft({ ...draft, vertical: event.target.value || null })}
        >
          <option value="">{t('channels.profile.noVertical')}</option>
          {verticals.map((vertical) => (
            <option key={vertical} value={vertical}>
              {t(`channels.vertical.${vertical}`)}
            </option>
          ))}
        </SelectField>
        {save.error && <Problem>{errorText(t, save.error)}</Problem>}
        <div>
          <Button look="primary" type="submit" disabled={save.isPending} data-testid="profile-save">
            {t('settings.save')}
          </Button>
        </div>
      </form>
    </section>
  );
}
