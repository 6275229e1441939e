import { useTranslation } from 'react-i18next';
import { type Role, roles } from '../api/people';
import { SelectField } from '../shared/ui/Field';

interface Props {
  role: Role;
  testId: string;
  onChange: (role: Role) => void;
}

/** What somebody may do, with what it means below. */
export function RoleField({ role, testId, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <SelectField
      label={t('settings.people.role')}
      value={role}
      hint={t(`settings.roles.${role}Hint`)}
      data-testid={testId}
      onChange={(event) => onChange(event.target.value as Role)}
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {t(`settings.roles.${one}`)}
        </option>
      ))}
    </SelectField>
  );
}
