/** @module Where the project or the installed package is: this file is in `lab/`, or bundled into `dist/`. */
import { dirname } from 'node:path'

export const PACKAGE_ROOT = dirname(import.meta.dirname)
