/**
 * JSON that comes from outside: read with bounds, and with errors that name the file and the field.
 *
 * <p>Start with {@link io.kerf.json.Json}; {@link io.kerf.json.Yaml} reads what says the same in
 * YAML. Depends on nothing of Kerf; Jackson lives here alone.
 */
package io.kerf.json;
