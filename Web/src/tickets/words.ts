/** Characters that the server takes (docs/api.md, Tickets). */
export const LONGEST_TAG = 40;
export const LONGEST_CATEGORY = 60;
