/**
 * Places bytes come from: the catalogue of named models, Maven artifacts, Python packages.
 *
 * <p>Start with {@link io.kerf.source.Catalogue}, then {@link io.kerf.source.Downloads}. May use
 * json, name and progress; Maven's resolver lives here alone. What is fetched is checked by size
 * and SHA-256, comes whole or not at all, and needs no network from then on.
 */
package io.kerf.source;
