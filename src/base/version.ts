/** @module The version of everything that is shipped together; package.json says the same. */

export const VERSION = '0.1.0'
