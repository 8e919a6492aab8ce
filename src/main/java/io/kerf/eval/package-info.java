/**
 * What a model is asked, what its answers are worth, and the evaluator that plans the questions so
 * that nothing is computed twice.
 *
 * <p>Start with {@link io.kerf.eval.Evaluator}; a suite of its own implements {@link
 * io.kerf.eval.Task}. May use name, text, model and engine.
 *
 * <p>A task gives documents, a document gives requests, the model's answers to them become the
 * document's outcome, and metrics are taken over the outcomes. Two models' outcomes of the same
 * documents are compared by {@link io.kerf.eval.Paired} and {@link io.kerf.eval.Bootstrap}.
 */
package io.kerf.eval;
