/**
 * Tables, charts, progress bars: what results look like, and the {@link io.kerf.report.Screen} on
 * which they are seen.
 *
 * <p>Start with {@link io.kerf.report.Rendering}, which turns a value into a MIME bundle. May use
 * model and eval; Tablesaw and XChart live here alone.
 */
package io.kerf.report;
