"""What an incident cost: heads of loss by formulas that are data, each step shown, all in ranges.

Nothing here divides a loss between parties, says what a policy pays, or changes a share.
"""
