/**
 * Tables, charts, progress bars: what results look like, and the {@link io.kerf.report.Screen} on
 * which they are seen.
 *
 * <p>Tables that compare hold rows that know no suite ({@link io.kerf.report.LedgerRow}, {@link
 * io.kerf.report.QuestionRow}); the door makes them of outcomes. Whatever the data hold, {@link
 * io.kerf.report.Shown#html} shows it and never runs it.
 *
 * <p>Start with {@link io.kerf.report.Rendering}, which turns a value into a MIME bundle. May use
 * model, eval and train; Tablesaw and XChart live here alone.
 */
package io.kerf.report;
