/**
 * Display inside JJava and IJava: renderers for tables and charts, progress bars that update in
 * place.
 *
 * <p>Start with {@link io.kerf.notebook.Kernel}. JJava finds {@link
 * io.kerf.notebook.JjavaExtension} by itself; IJava is found when a cell first asks for the screen.
 * May use the door, report and train; the kernel's API (provided) lives here alone.
 */
package io.kerf.notebook;
