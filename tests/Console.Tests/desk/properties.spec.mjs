import { api, connection, expect, test } from '../console.mjs';

test('a property is defined, set on a ticket, asked for on closing and filtered by', async ({ agent, customer }) => {
  const { page } = agent;
  const label = `Reason ${Date.now()}`;
  await page.goto(`${connection().console}/settings/ticket-properties`);
  await page.getByTestId('property-new').click();
  await page.getByTestId('property-label').fill(label);
  await page.getByTestId('property-type').selectOption('choice');
  await page.getByTestId('property-choice').fill('破損');
  await page.getByTestId('property-add-choice').click();
  await page.getByTestId('property-choice').nth(1).fill('誤送');
  await page.getByTestId('property-ask').check();
  await page.getByTestId('property-save').click();
  await expect(page.getByTestId('property').filter({ hasText: label })).toContainText('破損, 誤送');

  const { id, choices } = (await api('GET', 'ticket-properties')).items.find((one) => one.label === label);
  try {
    await customer.writes('It came broken');
    await page.goto(connection().console);
    await agent.opens(customer);
    // Closing asks for what is not known yet.
    await page.getByTestId('ticket-close').click();
    const dialog = page.getByTestId('values-dialog');
    await dialog.getByTestId(`own-${id}`).selectOption({ label: '誤送' });
    await page.getByTestId('values-done').click();
    await expect(page.getByTestId('ticket-status')).toContainText('Closed');
    const own = page.getByTestId('own-properties').getByTestId(`own-${id}`);
    await expect(own).toHaveValue(choices[1].id);
    await expect(page.getByTestId('message-list')).toContainText(`${label}: 誤送`);
    // Changed where it stands; and closing asks no more.
    await own.selectOption({ label: '破損' });
    await expect(page.getByTestId('message-list')).toContainText(`${label}: 破損`);

    const filters = [{ property: `property.${id}`, operator: 'anyOf', values: [choices[0].id] }];
    const view = await api('POST', 'views', { name: label, filters, columns: [`property.${id}`] });
    await page.goto(`${connection().console}/inbox/${view.id}`);
    await expect(page.getByTestId('thread-row')).toHaveCount(1);
    await expect(page.getByTestId('thread-row')).toContainText('破損');
    const { version } = (await api('GET', 'ticket-properties')).items.find((one) => one.id === id);
    await api('PATCH', `ticket-properties/${id}`, { version, archived: true });
    await page.reload();
    await expect(page.getByTestId('view-missing')).toContainText(label);
    await expect(page.getByTestId('thread-row').first()).toBeVisible();
    await api('DELETE', `views/${view.id}`);
  } finally {
    const left = (await api('GET', 'ticket-properties')).items.find((one) => one.id === id);
    if (!left.archived) await api('PATCH', `ticket-properties/${id}`, { version: left.version, archived: true });
    await api('DELETE', `ticket-properties/${id}`);
  }
});
