import { describe, expect, it } from 'vitest';
import { cardOf } from './CardDialog';
import { coordinatesIn } from './place';
import { build, noParts } from './tappable';

describe('a place', () => {
  it.each([
    ['35.6812, 139.7671', { latitude: 35.6812, longitude: 139.7671 }],
    ['-33.86 151.21', { latitude: -33.86, longitude: 151.21 }],
    [
      'https://www.google.com/maps/place/X/@35.6,139.7,17z/data=!3d35.6812!4d139.7671',
      { latitude: 35.6812, longitude: 139.7671 },
    ],
    ['https://maps.google.com/?q=35.6,139.7', { latitude: 35.6, longitude: 139.7 }],
    ['https://www.openstreetmap.org/#map=17/38.71/-9.13', { latitude: 38.71, longitude: -9.13 }],
    ['200, 10', null],
    ['Rossio', null],
  ])('%s', (text, place) => {
    expect(coordinatesIn(text)).toEqual(place);
  });
});

describe('what can be tapped', () => {
  it('is built only when nothing is missing', () => {
    expect(build('button', { ...noParts, body: 'Confirm?', buttons: ['Yes', ' '] })).toEqual({
      type: 'button',
      body: { text: 'Confirm?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'button-1', title: 'Yes' } }] },
    });
    expect(build('button', { ...noParts, body: 'x', buttons: ['Yes', 'Yes'] })).toBeNull();
    expect(build('button', { ...noParts, buttons: ['Yes'] })).toBeNull();
    expect(build('list', { ...noParts, body: 'x', rows: [{ title: 'A', description: '' }] })).toBeNull();
    expect(
      build('cta_url', { ...noParts, body: 'x', button: 'Open', url: 'javascript:alert(1)' }),
    ).toBeNull();
    expect(build('location_request_message', { ...noParts, body: 'Where?', header: 'ignored' })).toEqual({
      type: 'location_request_message',
      body: { text: 'Where?' },
      action: { name: 'send_location' },
    });
  });
});

it('a card has each number once', () => {
  const person = { id: '1', name: 'Aoi', reading: null, email: null, lifecycle: null, createdAt: '' };
  expect(cardOf({ ...person, phone: '+811', mobilePhone: '+811' }).phones).toEqual([
    { phone: '+811', type: 'CELL' },
  ]);
});
