package io.kerf.train.corpus;

import io.kerf.model.Family;

/** Each token is predicted from those before it. */
public record NextToken() implements Objective {
  @Override
  public Family.Kind kind() {
    return Family.Kind.CAUSAL;
  }

  @Override
  public String label() {
    return "";
  }
}
