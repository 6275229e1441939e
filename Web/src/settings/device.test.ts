import { describe, expect, it } from 'vitest';
import { deviceName } from './device';

describe('the name of a device', () => {
  it('is browser and system', () => {
    expect(
      deviceName(
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0',
      ),
    ).toBe('Edge, Windows');
    expect(
      deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1'),
    ).toBe('Safari, iOS');
  });

  it('is nothing where nothing is known', () => {
    expect(deviceName('curl/8.5')).toBeNull();
    expect(deviceName(null)).toBeNull();
  });
});
