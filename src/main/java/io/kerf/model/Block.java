package io.kerf.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * One transformer block.
 *
 * @param origin its index in the model as loaded, kept when other blocks are removed
 * @param parameters by role, in the roles' order
 */
public record Block(int origin, Map<Role, Parameter> parameters) {
  public Block {
    parameters = Collections.unmodifiableMap(new EnumMap<>(parameters));
  }

  /**
   * The parameter of that role.
   *
   * @throws IllegalArgumentException if this block has none
   */
  public Parameter parameter(Role role) {
    Parameter parameter = parameters.get(role);
    if (parameter == null) {
      throw new IllegalArgumentException("block " + origin + " has no " + role);
    }
    return parameter;
  }

  /** This block with one parameter replaced; the others are shared. */
  public Block with(Role role, Parameter parameter) {
    Map<Role, Parameter> changed = new EnumMap<>(parameters);
    changed.put(role, parameter);
    return new Block(origin, changed);
  }
}
