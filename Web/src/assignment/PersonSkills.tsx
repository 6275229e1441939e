import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Availability, assignment } from '../api/assignment';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { EmptyState } from '../shared/ui/States';
import { useSkills } from './queries';
import styles from './Skills.module.css';

/** What somebody can do, and how well: a level for each of the account's skills. */
export function PersonSkillsDialog({ person, onClose }: { person: Availability; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const skills = useSkills().data ?? [];
  const id = useId();
  const [levels, setLevels] = useState(
    () => new Map(person.skills.map(({ id: skill, level }) => [skill, level])),
  );
  const save = useMutation({
    mutationFn: () =>
      assignment.setSkills(
        person.id,
        [...levels].filter(([, level]) => level > 0).map(([skill, level]) => ({ id: skill, level })),
      ),
    onSuccess: onClose,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['assignment'] }),
  });
  return (
    <Dialog title={t('skills.of', { name: person.name })} lead={t('skills.ofLead')} onClose={onClose}>
      <form
        className={`${settings.form} ${settings.padded}`}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {skills.length === 0 && (
          <EmptyState icon="star" title={t('skills.emptyTitle')} text={t('skills.emptyText')} />
        )}
        <div className={styles.levels}>
          {skills.map((skill, index) => (
            <SkillLevelRow
              key={skill.id}
              id={`${id}-${index}`}
              name={skill.name}
              level={levels.get(skill.id) ?? 0}
              onChange={(level) => setLevels((before) => new Map(before).set(skill.id, level))}
            />
          ))}
        </div>
        {save.error && (
          <p className={settings.notice} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <div className={settings.actions}>
          <Button
            look="primary"
            type="submit"
            disabled={save.isPending || skills.length === 0}
            data-testid="skills-save"
          >
            {t('settings.save')}
          </Button>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface RowProps {
  id: string;
  name: string;
  level: number;
  onChange: (level: number) => void;
}

function SkillLevelRow({ id, name, level, onChange }: RowProps) {
  const { t } = useTranslation();
  return (
    <>
      <label htmlFor={id}>{name}</label>
      <select
        id={id}
        value={level}
        data-testid="skill-level"
        onChange={(event) => onChange(Number(event.target.value))}
      >
        <option value={0}>{t('skills.notAtAll')}</option>
        {[1, 2, 3, 4, 5].map((one) => (
          <option key={one} value={one}>
            {t('skills.level', { level: one })}
          </option>
        ))}
      </select>
    </>
  );
}
