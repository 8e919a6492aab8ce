package io.kerf.train;

import io.kerf.engine.TrainingState;

interface Checkpoint {
  TrainingState state();

  TrainingLog log();

  java.nio.file.Path folder();
}
