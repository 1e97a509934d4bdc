/** @module Nominal types: a number that says what it counts. */

declare const brand: unique symbol

/** `Value` that only its own constructor makes, so that pages are never passed for bytes. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name }
