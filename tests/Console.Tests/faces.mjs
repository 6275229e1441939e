/** By type: what the customer sends, and what stands in the bubble. */
export const faces = [
  ['document', { media: { mimeType: 'application/pdf', base64: btoa('%PDF-1.7'), fileName: '../invoice.pdf' } }, /^(?!.*\.\.).*invoice\.pdf.*PDF/s],
  ['sticker', { media: { mimeType: 'image/webp', base64: 'UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA' } }, null],
  ['video', { text: 'How it rattles', media: { mimeType: 'video/mp4', base64: btoa('\0\0\0\x18ftypisom') } }, /How it rattles/],
  ['location', {}, /東京駅.*Open the map/s],
  ['location', { location: { latitude: 200, longitude: 0 } }, /not a place on Earth/],
  ['contacts', {}, /高橋 陽子.*Add to contacts/s],
  ['interactive', { interactive: { type: 'list_reply', list_reply: { id: 'r', title: 'Friday', description: '10:00' } } }, /Friday.*10:00/s],
  ['interactive', { interactive: { type: 'nfm_reply', nfm_reply: { body: 'Sent', response_json: '{"flow_token":"hidden","day":"fri"}' } } }, /day.*fri/s],
  ['button', { button: { payload: 'STOP', text: 'Stop' } }, /Stop.*template/s],
  ['order', { order: { product_items: [{ product_retailer_id: 'sku1', quantity: 2, item_price: 3.5, currency: 'EUR' }] } }, /2 × sku1.*Total €7\.00/s],
  ['text', { text: 'saw your ad', raw: { referral: { source_type: 'ad', source_url: 'https://fb.example/a', headline: 'Summer sale' } } }, /Came from an advertisement.*Summer sale/s],
  ['text', { text: 'pass it on', raw: { context: { frequently_forwarded: true } } }, /Forwarded many times/],
  ['call', {}, /Missed call.*Call back/s],
  ['request_welcome', {}, /Opened the chat for the first time/],
  ['unsupported', { raw: { errors: [{ code: 131051, title: 'Message type unknown' }] } }, /poll.*131051/s],
  ['hologram', { raw: { hologram: { depth: 3 } } }, /“hologram”.*not known here/s],
];
