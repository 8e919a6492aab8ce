/**
 * Places bytes come from: the catalogue of named models, Maven artifacts, Python packages, the
 * Hugging Face hub, archives of data at an address.
 *
 * <p>Start with {@link io.kerf.source.Catalogue}, then {@link io.kerf.source.Downloads}; for the
 * hub with {@link io.kerf.source.HubName} for models and {@link io.kerf.source.HubDataset} for data
 * sets, then {@link io.kerf.source.Hub}. May use json, name and progress; Maven's resolver lives
 * here alone. What is fetched is checked by size and hash, comes whole or not at all, and needs no
 * network from then on.
 */
package io.kerf.source;
