package io.kerf.eval.harness;

import java.util.Map;

/**
 * A row of a data set.
 *
 * @param values columns to {@link io.kerf.template.Values values}
 * @param where "piqa_validation.jsonl:3", for errors
 */
record Row(Map<?, ?> values, String where) {}
