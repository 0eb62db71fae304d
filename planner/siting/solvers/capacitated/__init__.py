"""Plans in which stations have room for so many people: who goes where is part of the answer."""
