"""What is asked: questionnaires, actions and cases as data, typed once at the border and frozen."""
