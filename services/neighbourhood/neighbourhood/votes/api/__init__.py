"""The routes of votes: registers, votes and ballots for staff and tellers, and what owners and the public see."""
