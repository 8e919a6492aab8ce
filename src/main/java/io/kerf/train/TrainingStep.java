package io.kerf.train;

/**
 * One step of a training run, as it was measured.
 *
 * @param step counted from 1
 * @param tokens read so far, this step's among them
 * @param loss mean over the step's labels, in nats, before the step
 * @param learningRate with which the step was made
 * @param gradientNorm over all that trains, before clipping
 * @param seconds that this step took
 */
public record TrainingStep(
    int step, long tokens, double loss, double learningRate, double gradientNorm, double seconds) {}
