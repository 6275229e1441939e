import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { assignment, type Skill } from '../api/assignment';
import { useSkills } from '../assignment/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { RemoveButton } from '../shared/ui/RemoveButton';
import { EmptyState } from '../shared/ui/States';
import styles from './SettingsPage.module.css';

/** The account's skills: what people can do and tickets may need. */
export function SkillList() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const skills = useSkills().data;
  const [name, setName] = useState('');
  const [renaming, setRenaming] = useState<Skill | null>(null);
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: () => {
      setName('');
      setRenaming(null);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['assignment'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate(() =>
      renaming ? assignment.renameSkill(renaming.id, name.trim()) : assignment.addSkill(name.trim()),
    );
  };
  return (
    <section className={styles.section} aria-labelledby="skills">
      <div className={styles.head}>
        <div>
          <h2 id="skills">{t('skills.title')}</h2>
          <p>{t('skills.lead')}</p>
        </div>
      </div>
      {skills?.length === 0 && (
        <EmptyState icon="star" title={t('skills.emptyTitle')} text={t('skills.emptyText')} />
      )}
      {skills && skills.length > 0 && (
        <ul className={styles.rows}>
          {skills.map((skill) => (
            <li key={skill.id} className={styles.row} data-testid="skill">
              <div className={styles.who}>
                <div>
                  <b>{skill.name}</b>
                  <span>{t('skills.people', { count: skill.people })}</span>
                </div>
              </div>
              <Button
                aria-label={t('settings.editNamed', { name: skill.name })}
                onClick={() => {
                  setRenaming(skill);
                  setName(skill.name);
                }}
              >
                {t('skills.rename')}
              </Button>
              <RemoveButton
                name={skill.name}
                label={t('assignment.remove')}
                hint={t('skills.remove', { name: skill.name })}
                onRemove={() => act.mutate(() => assignment.removeSkill(skill.id))}
              />
            </li>
          ))}
        </ul>
      )}
      <form className={styles.form} onSubmit={submit}>
        <Field
          label={renaming ? t('skills.renameTo', { name: renaming.name }) : t('skills.new')}
          value={name}
          maxLength={60}
          required
          data-testid="skill-name"
          problem={act.error ? errorText(t, act.error) : null}
          onChange={(event) => setName(event.target.value)}
        />
        <div className={styles.actions}>
          <Button type="submit" disabled={act.isPending || !name.trim()} data-testid="skill-save">
            {renaming ? t('settings.save') : t('skills.add')}
          </Button>
          {renaming && (
            <Button
              onClick={() => {
                setRenaming(null);
                setName('');
              }}
            >
              {t('settings.cancel')}
            </Button>
          )}
        </div>
      </form>
    </section>
  );
}
