/**
 * Jinja templates that give the strings that Python gives.
 *
 * <p>Start with {@link io.kerf.template.Template}. Jinjava reads a template: its tokens, its tags
 * and the grammar of its expressions ({@link io.kerf.template.TemplateReader}, {@link
 * io.kerf.template.ExpressionGrammar}). What an expression is worth is said here, by Python's
 * rules, on {@link io.kerf.template.Values values}: None, booleans, whole numbers, floats, strings,
 * lists, tuples and dictionaries. Templates are untrusted: no method of a Java object can be
 * reached, and length, depth, loops and output are bounded. May use json and name.
 */
package io.kerf.template;
