/**
 * JSON that comes from outside: read with bounds, and with errors that name the file and the field.
 *
 * <p>Start with {@link io.kerf.json.Json}. Depends on nothing of Kerf; Jackson lives here alone.
 */
package io.kerf.json;
